import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { SILENT_FAULT_REQUESTS, silentFaultsAfter } from './silent-faults.ts';
import type { OpenFault } from './simulation.ts';

// The engine's door to what the pages show of devices, within its own transaction.

/** What a device plugin gave for a reservation on one server. */
export type Grant = {
  readonly reservationId: string;
  readonly serverId: string;
  readonly organisationId: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly devices: readonly {
    readonly containerPath: string;
    readonly hostPath: string;
    readonly permissions: string;
  }[];
};

/** Keeps the newest grant of each reservation and server. */
export async function writeGrants(tx: Tx, grants: readonly Grant[], at: Instant): Promise<void> {
  if (grants.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO device_grant (reservation_id, server_id, organisation_id, granted_at, environment, devices)
    SELECT g.reservation_id, g.server_id, g.organisation_id, ${toDate(at)}::timestamptz, g.environment::jsonb, g.devices::jsonb
    FROM unnest(${grants.map((g) => g.reservationId)}::text[], ${grants.map((g) => g.serverId)}::text[],
      ${grants.map((g) => g.organisationId)}::text[], ${grants.map((g) => JSON.stringify(g.environment))}::text[],
      ${grants.map((g) => JSON.stringify(g.devices))}::text[]) AS g (reservation_id, server_id, organisation_id, environment, devices)
    ON CONFLICT (reservation_id, server_id) DO UPDATE
      SET granted_at = excluded.granted_at, environment = excluded.environment, devices = excluded.devices`;
}

/** A card's newest readings; null stands for what the device does not tell. */
export type CardReadings = { readonly [field: string]: number | null };
export type CardReadingRow = {
  readonly cardId: string;
  readonly serverId: string;
  readonly organisationId: string | null;
  readonly readings: CardReadings;
};

/** Replaces the newest readings of cards. */
export async function writeReadings(tx: Tx, rows: readonly CardReadingRow[], at: Instant): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO card_reading (card_id, server_id, organisation_id, sampled_at, readings)
    SELECT r.card_id, r.server_id, r.organisation_id, ${toDate(at)}::timestamptz, r.readings::jsonb
    FROM unnest(${rows.map((r) => r.cardId)}::text[], ${rows.map((r) => r.serverId)}::text[],
      ${rows.map((r) => r.organisationId)}::text[], ${rows.map((r) => JSON.stringify(r.readings))}::text[])
      AS r (card_id, server_id, organisation_id, readings)
    ON CONFLICT (card_id) DO UPDATE SET organisation_id = excluded.organisation_id,
      sampled_at = excluded.sampled_at, readings = excluded.readings`;
}

/** Something asked of the simulator from outside the engine: a fault, or a repair that only the host can do. */
export type DeviceRequest = { readonly id: string; readonly target: string; readonly kind: string };

/**
 * Takes the requests of a pool that nobody has taken yet. One that was taken before and has no answer was given up on the way: a
 * reset is not done twice because nobody heard of the first.
 */
export async function takeDeviceRequests(tx: Tx, poolId: string): Promise<DeviceRequest[]> {
  await tx.$executeRaw`
    UPDATE device_request SET outcome = 'interrupted' WHERE taken_at IS NOT NULL AND outcome IS NULL AND pool_id = ${poolId}`;
  return tx.$queryRaw<DeviceRequest[]>`
    UPDATE device_request SET taken_at = kashi_now() WHERE taken_at IS NULL AND pool_id = ${poolId} RETURNING id, target, kind`;
}

/** The silent faults of a pool's simulated devices that are still open by what was asked of them. */
export async function readSilentFaults(tx: Tx, poolId: string): Promise<OpenFault[]> {
  const rows = await tx.$queryRaw<{ kind: string; at: Date; serverId: string; uuid: string }[]>`
    SELECT r.kind, r.taken_at AS at, c.server_id AS "serverId", c.uuid
    FROM device_request r CROSS JOIN LATERAL (
      SELECT server_id, uuid FROM card WHERE uuid = r.target OR server_id = r.target ORDER BY slot LIMIT 1) c
    WHERE r.pool_id = ${poolId} AND r.outcome = 'done' AND r.kind = ANY(${SILENT_FAULT_REQUESTS}::text[])
    ORDER BY r.taken_at, r.id`;
  return silentFaultsAfter(rows.map(({ at, ...row }) => ({ ...row, at: fromDate(at) })));
}

/** Notes how a request went. */
export async function writeOutcome(tx: Tx, requestId: string, outcome: string): Promise<void> {
  await tx.deviceRequest.updateMany({ where: { id: requestId }, data: { outcome } });
}
