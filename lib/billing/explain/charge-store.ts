import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { TERMS } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { StoredEvidence } from './charge.ts';
import { CHARGE_BEFORE } from './charge-before.ts';
import type { ChargeKey } from './line-store.ts';
import type { ChargeRecord, LineRef, LossEvent } from './types.ts';

type ChargeRow = {
  organisation_id: string;
  allocation_id: string;
  reservation_id: string;
  name: string;
  card_id: string;
  path: string;
  slot: number;
  hour_at: Date;
  revision: number;
  start_at: Date;
  end_at: Date;
  from_at: Date;
  until_at: Date | null;
  used_seconds: number;
  unused_seconds: number;
  down_seconds: number;
  price_version_id: string;
  sku_id: string;
  band_bps: number;
  weighted: bigint;
  charged: bigint;
  amount: bigint;
  charged_at: Date;
  purchase: string;
  term: string | null;
  term_seconds: number | null;
  term_price_units: bigint | null;
  weighted_before: bigint;
  charged_before: bigint;
  journal_key: string;
};

/** Region and site are in every place of a pool; what tells cards apart comes after. */
const SITE_CODES = 2;

function termOf({ purchase, term, term_seconds: seconds, term_price_units: price }: ChargeRow): ChargeRecord['term'] {
  if (purchase !== 'by-card' || term === null || seconds === null || price === null) return null;
  return { name: oneOf(TERMS, term), seconds, priceUnits: units(price) };
}

function fromChargeRow(row: ChargeRow): ChargeRecord {
  return {
    organisationId: idFrom('organisation', row.organisation_id),
    allocationId: idFrom('allocation', row.allocation_id),
    reservationId: idFrom('reservation', row.reservation_id),
    reservationName: row.name,
    cardId: idFrom('card', row.card_id),
    place: row.path.split('/').slice(SITE_CODES).join('/'),
    slot: row.slot,
    hourAt: fromDate(row.hour_at),
    revision: row.revision,
    startAt: fromDate(row.start_at),
    endAt: fromDate(row.end_at),
    allocatedFrom: fromDate(row.from_at),
    allocatedUntil: row.until_at === null ? null : fromDate(row.until_at),
    usedSeconds: row.used_seconds,
    unusedSeconds: row.unused_seconds,
    downSeconds: row.down_seconds,
    priceVersionId: idFrom('priceVersion', row.price_version_id),
    bandBps: row.band_bps,
    weightedSecondsToDate: row.weighted,
    chargedToDateUnits: units(row.charged),
    amountUnits: units(row.amount),
    chargedAt: fromDate(row.charged_at),
    term: termOf(row),
    before: { weightedSeconds: row.weighted_before, chargedUnits: units(row.charged_before) },
    journalKey: row.journal_key,
  };
}

export type FoundCharge = { readonly charge: ChargeRecord; readonly skuId: string };

/** The charges of some keys, each with the charge to date before it, of one organisation or with null of anybody. */
export async function readCharges(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  keys: readonly ChargeKey[],
): Promise<FoundCharge[]> {
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND u.organisation_id = ${organisationId}`;
  const rows = await tx.$queryRaw<ChargeRow[]>`
    SELECT u.organisation_id, u.allocation_id, u.reservation_id, r.name, u.card_id, p.path, c.slot, u.hour_at, u.revision, u.start_at, u.end_at,
      a.start_at AS from_at, a.end_at AS until_at, u.used_seconds, u.unused_seconds, u.down_seconds, u.price_version_id, u.sku_id, u.band_bps,
      u.weighted_seconds_to_date AS weighted, u.charged_to_date_units AS charged, u.amount_units AS amount, u.charged_at, u.purchase,
      r.term, r.term_seconds, r.term_price_units, coalesce(b.weighted_seconds_to_date, 0) AS weighted_before,
      coalesce(b.charged_to_date_units, 0) AS charged_before, u.journal_key
    FROM unnest(${keys.map(({ allocationId }) => allocationId)}::text[], ${keys.map(({ hourAt }) => toDate(hourAt))}::timestamptz[],
        ${keys.map(({ revision }) => revision)}::int[]) AS k (allocation_id, hour_at, revision)
    JOIN usage_charge u USING (allocation_id, hour_at, revision)
    JOIN reservation r ON r.id = u.reservation_id JOIN allocation a ON a.id = u.allocation_id
    JOIN card c ON c.id = u.card_id JOIN place p ON p.id = c.server_id
    LEFT JOIN LATERAL (${CHARGE_BEFORE}) b ON true
    WHERE true ${whose} ORDER BY u.hour_at, u.allocation_id, u.revision`;
  return rows.map((row) => ({ charge: fromChargeRow(row), skuId: row.sku_id }));
}

/** The evidence of some allocations by allocation, oldest first, as far as it touches an interval. */
export async function readEvidence(
  tx: Tx,
  allocationIds: readonly string[],
  from: Date,
  until: Date,
): Promise<Map<string, StoredEvidence[]>> {
  const rows = await tx.$queryRaw<{ id: bigint; allocation_id: string; start_at: Date; end_at: Date | null }[]>`
    SELECT id, allocation_id, start_at, end_at FROM evidence
    WHERE allocation_id = ANY(${allocationIds}::text[]) AND start_at < ${until}::timestamptz
      AND coalesce(end_at, 'infinity') > ${from}::timestamptz ORDER BY allocation_id, start_at, id`;
  const found = Map.groupBy(rows, (row) => row.allocation_id);
  return new Map(
    [...found].map(([id, some]) => [
      id,
      some.map((row) => ({
        id: `${row.id}`,
        startAt: fromDate(row.start_at),
        endAt: row.end_at === null ? null : fromDate(row.end_at),
      })),
    ]),
  );
}

/** The cards that some reservations lost, and when. */
export async function readLosses(tx: Tx, reservationIds: readonly string[]): Promise<Map<string, LossEvent[]>> {
  const rows = await tx.$queryRaw<{ reservation_id: string; at: Date; card: string | null }[]>`
    SELECT reservation_id, at, data->>'card' AS card FROM reservation_event
    WHERE reservation_id = ANY(${reservationIds}::text[]) AND kind = 'cardLost' ORDER BY id`;
  const found = Map.groupBy(rows, (row) => row.reservation_id);
  return new Map(
    [...found].map(([id, some]) => [id, some.map(({ at, card }) => ({ cardId: card ?? '', at: fromDate(at) }))]),
  );
}

/** The number of the journal of a key; null when there is none in sight. */
export async function readJournalId(tx: Tx, key: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ id: bigint }[]>`SELECT id FROM journal WHERE key = ${key}`;
  return row ? `${row.id}` : null;
}

/** The invoice line that a charge is on; null while its month is not invoiced. */
export async function readLineOf(tx: Tx, { charge, skuId }: FoundCharge): Promise<LineRef | null> {
  const [row] = await tx.$queryRaw<{ id: string; number: string; line: number }[]>`
    SELECT i.id, i.number, l.line FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
    WHERE i.organisation_id = ${charge.organisationId} AND i.month = shanghai_month(${toDate(charge.hourAt)}::timestamptz)
      AND l.sku_id = ${skuId} AND l.price_version_id = ${charge.priceVersionId}`;
  return row ? { invoiceId: idFrom('invoice', row.id), number: row.number, line: row.line } : null;
}

/** One charge; null when the organisation (with null: anybody) has none of that key. */
export async function findCharge(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  key: ChargeKey,
): Promise<FoundCharge | null> {
  const found = await readCharges(tx, organisationId, [key]);
  return found.length === 0 ? null : present(found[0], 'the charge');
}
