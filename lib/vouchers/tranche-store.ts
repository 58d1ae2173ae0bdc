import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { Tranche, TrancheMove } from './types.ts';

type TrancheRow = {
  reservation_id: string;
  position: number;
  grant_id: string | null;
  placed_units: bigint;
  charged_units: bigint;
  returned_units: bigint;
  credited_units: bigint;
};

const fromRow = (row: TrancheRow): Tranche => ({
  position: row.position,
  grant: row.grant_id === null ? null : idFrom('promoGrant', row.grant_id),
  placedUnits: units(row.placed_units),
  chargedUnits: units(row.charged_units),
  returnedUnits: units(row.returned_units),
  creditedUnits: units(row.credited_units),
});

/** The tranches of a reservation that have something left, locked, and the next position. */
export type KnownTranches = { readonly tranches: readonly Tranche[]; readonly next: number };

/** By reservation; one that no voucher ever paid for is not in it. */
export async function readOpenTranches(tx: Tx, reservationIds: readonly string[]): Promise<Map<string, KnownTranches>> {
  const rows = await tx.$queryRaw<TrancheRow[]>`
    SELECT reservation_id, position, grant_id, placed_units, charged_units, returned_units, credited_units FROM voucher_tranche
    WHERE reservation_id = ANY(${reservationIds}::text[]) ORDER BY reservation_id, position FOR UPDATE`;
  return new Map(
    [...Map.groupBy(rows, (row) => row.reservation_id)].map(([id, group]) => [
      id,
      {
        tranches: group.filter((row) => row.charged_units + row.returned_units < row.placed_units).map(fromRow),
        next: Math.max(...group.map(({ position }) => position)) + 1,
      },
    ]),
  );
}

/** What cash paid for a reservation before its first voucher, and what became of that. */
export async function readHeldBefore(
  tx: Tx,
  reservationId: string,
): Promise<Pick<Tranche, 'placedUnits' | 'chargedUnits' | 'returnedUnits'>> {
  const [row] = await tx.$queryRaw<{ placed: bigint; captured: bigint; released: bigint }[]>`
    SELECT placed_units AS placed, captured_units AS captured, released_units AS released FROM hold WHERE subject = ${reservationId}`;
  const { placed, captured, released } = row ?? { placed: 0n, captured: 0n, released: 0n };
  return { placedUnits: units(placed), chargedUnits: units(captured), returnedUnits: units(released) };
}

export async function insertTranches(
  tx: Tx,
  of: {
    readonly reservationId: Id<'reservation'>;
    readonly organisationId: Id<'organisation'>;
    readonly at: Instant;
  },
  tranches: readonly Tranche[],
): Promise<void> {
  if (tranches.length === 0) return;
  const rows = tranches.map((tranche) => ({
    reservation_id: of.reservationId,
    position: tranche.position,
    organisation_id: of.organisationId,
    grant_id: tranche.grant,
    placed_at: toDate(of.at),
    placed_units: `${tranche.placedUnits}`,
    charged_units: `${tranche.chargedUnits}`,
    returned_units: `${tranche.returnedUnits}`,
    credited_units: `${tranche.creditedUnits}`,
  }));
  await tx.$executeRaw`
    INSERT INTO voucher_tranche SELECT * FROM json_populate_recordset(NULL::voucher_tranche, ${JSON.stringify(rows)}::json)`;
}

const CHANGES = {
  charged: Prisma.sql`charged_units = t.charged_units + m.amount`,
  returned: Prisma.sql`returned_units = t.returned_units + m.amount`,
  credited: Prisma.sql`credited_units = t.credited_units + m.amount`,
  uncredited: Prisma.sql`credited_units = t.credited_units - m.amount`,
};

/** Adds moves of one kind to their tranches. */
export async function writeMoves(
  tx: Tx,
  changes: readonly {
    readonly reservationId: string;
    readonly column: keyof typeof CHANGES;
    readonly moves: readonly TrancheMove[];
  }[],
): Promise<void> {
  const [first] = changes;
  if (!first) return;
  const rows = changes.flatMap(({ reservationId, moves }) =>
    moves.map(({ position, amount }) => ({ reservation_id: reservationId, position, amount: `${amount}` })),
  );
  // One position may be named twice: what was credited of it, and what was not.
  await tx.$executeRaw`
    UPDATE voucher_tranche t SET ${CHANGES[first.column]}
    FROM (SELECT reservation_id, position, sum(amount)::bigint AS amount
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS j (reservation_id text, position int, amount bigint) GROUP BY 1, 2) m
    WHERE t.reservation_id = m.reservation_id AND t.position = m.position`;
}

export type Unburnt = {
  readonly reservationId: Id<'reservation'>;
  readonly organisationId: Id<'organisation'>;
  readonly amountUnits: Units;
  readonly tranches: readonly Tranche[];
};

/** The reservations of a pool of which more was charged than their tranches say, with the tranches that have some left. */
export async function readUnburnt(tx: Tx, poolId: string): Promise<Unburnt[]> {
  const rows = await tx.$queryRaw<(TrancheRow & { organisation_id: string; unburnt: bigint })[]>`
    SELECT t.*, c.unburnt FROM voucher_tranche t JOIN (
      SELECT o.reservation_id, h.captured_units - (SELECT sum(a.charged_units) FROM voucher_tranche a WHERE a.reservation_id = o.reservation_id)::bigint AS unburnt
      FROM (SELECT DISTINCT reservation_id FROM voucher_tranche WHERE charged_units + returned_units < placed_units) o
      JOIN reservation r ON r.id = o.reservation_id AND r.pool_id = ${poolId}
      JOIN hold h ON h.subject = o.reservation_id) c ON c.reservation_id = t.reservation_id
    WHERE c.unburnt > 0 AND t.charged_units + t.returned_units < t.placed_units ORDER BY t.reservation_id, t.position FOR UPDATE OF t`;
  return [...Map.groupBy(rows, (row) => row.reservation_id)].flatMap(([id, group]) => {
    const [first] = group;
    if (!first) return [];
    return [
      {
        reservationId: idFrom('reservation', id),
        organisationId: idFrom('organisation', first.organisation_id),
        amountUnits: units(first.unburnt),
        tranches: group.map(fromRow),
      },
    ];
  });
}

export async function insertBurns(
  tx: Tx,
  rows: readonly {
    readonly organisation_id: string;
    readonly reservation_id: string;
    readonly grant_id: string;
    readonly hour_at: Date;
    readonly amount_units: string;
    readonly charged_at: Date;
  }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO voucher_burn (organisation_id, reservation_id, grant_id, hour_at, amount_units, charged_at)
    SELECT organisation_id, reservation_id, grant_id, hour_at, amount_units, charged_at
    FROM json_populate_recordset(NULL::voucher_burn, ${JSON.stringify(rows)}::json)`;
}
