import type { Client } from 'pg';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { secondsBetween, toIso } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { post } from '#lib/ledger/posting.ts';
import { placed, type ReservationRef } from '#lib/ledger/templates.ts';
import { withTx } from '#lib/platform/db.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { FLEET_CTX, TERM_SECONDS, termPriceOf } from './testing-fleet.ts';
import { drawUptime, type Stint } from './testing-stints.ts';

/** Where a year takes place. */
export type YearGround = {
  readonly poolId: Id<'pool'>;
  readonly prices: ReadonlyMap<string, PriceVersion>;
  readonly organisations: readonly Id<'organisation'>[];
  /** The pool's cards, as stints number them. */
  readonly cards: readonly string[];
};

/** What is set aside by the hour suffices for the dearest hours of the day. */
const HELD_TIMES = { numerator: 3n, denominator: 2n };

export const allocationOf = (stint: Stint, seat: number): string =>
  `alc_y${`${stint.number}`.padStart(5, '0')}s${`${seat}`.padStart(3, '0')}`;

type Placed = { readonly stint: Stint; readonly ref: ReservationRef; readonly price: PriceVersion };

function placedStint({ poolId, prices, organisations }: YearGround, stint: Stint): Placed {
  const skuId = `sku_${poolId.slice('pol_'.length)}-${stint.purchase === 'by-card' ? 'card' : 'hour'}`;
  return {
    stint,
    ref: {
      reservationId: `rsv_y${`${stint.number}`.padStart(5, '0')}` as Id<'reservation'>,
      organisationId: present(organisations[stint.number % organisations.length], 'an organisation'),
      poolId,
      skuId,
      purchase: stint.purchase,
    },
    price: present(
      [...prices.values()].find((each) => each.skuId === skuId),
      skuId,
    ),
  };
}

function heldUnits({ stint, price }: Placed): bigint {
  const cards = BigInt(stint.cards);
  if (stint.purchase === 'by-card') return termPriceOf(price) * cards;
  const seconds = BigInt(secondsBetween(stint.startAt, stint.endAt));
  return (
    (price.priceE10PerCardHour * seconds * cards * HELD_TIMES.numerator) / (360_000n * HELD_TIMES.denominator) + 1n
  );
}

/** Sets aside what each stint may cost. Its key makes a repeat a repeat of nothing. */
async function holdMoney(all: readonly Placed[]): Promise<void> {
  for (const one of all) {
    const { stint, ref } = one;
    const seconds = BigInt(secondsBetween(stint.startAt, stint.endAt) * stint.cards);
    const ctx = { ...FLEET_CTX, now: stint.startAt };
    await withTx(ctx, (tx) => post(ctx, tx, [placed(ref, stint.startAt, 0, units(heldUnits(one)), seconds)]));
  }
}

const RESERVATIONS = `
  INSERT INTO reservation (id, pool_id, organisation_id, sku_id, price_version_id, name, purchase, cards, topology, start_at,
    end_at, term, term_seconds, term_price_units, placements, noticed_at, state, lost, plan, is_bound, created_by, created_at)
  SELECT i.id, $1, i.org, i.sku, i.price, '训练', i.purchase, i.cards, 'any', i.from_at, i.to_at, CASE WHEN i.term IS NOT NULL THEN 'month' END,
    CASE WHEN i.term IS NOT NULL THEN $2 END::int, i.term, 1, i.from_at, 'active', '[]', '[]', true, 'fleet', i.from_at
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::bigint[], $10::timestamptz[], $11::timestamptz[])
    AS i (id, org, sku, price, purchase, cards, term, from_at, to_at)`;

async function writeReservations(owner: Client, poolId: string, all: readonly Placed[]): Promise<void> {
  const column = <T>(pick: (each: Placed) => T): T[] => all.map(pick);
  await owner.query(RESERVATIONS, [
    poolId,
    TERM_SECONDS,
    column(({ ref }) => ref.reservationId),
    column(({ ref }) => ref.organisationId),
    column(({ ref }) => ref.skuId),
    column(({ price }) => price.id),
    column(({ ref }) => ref.purchase),
    column(({ stint }) => stint.cards),
    column(({ ref, price }) => (ref.purchase === 'by-card' ? `${termPriceOf(price)}` : null)),
    column(({ stint }) => toIso(stint.startAt)),
    column(({ stint }) => toIso(stint.endAt)),
  ]);
}

async function writeAllocations(
  owner: Client,
  ground: YearGround,
  seed: number,
  { stint, ref }: Placed,
): Promise<void> {
  const seats = Array.from({ length: stint.cards }, (_, seat) => seat);
  const ids = seats.map((seat) => allocationOf(stint, seat));
  const cards = seats.map((seat) => present(ground.cards[stint.firstCard + seat], 'a card'));
  await owner.query(
    `INSERT INTO allocation (id, reservation_id, organisation_id, pool_id, card_id, start_at, end_at)
    SELECT i.id, $1, $2, $3, i.card, $4, $5 FROM unnest($6::text[], $7::text[]) AS i (id, card)`,
    [ref.reservationId, ref.organisationId, ground.poolId, toIso(stint.startAt), toIso(stint.endAt), ids, cards],
  );
  const proven = seats.flatMap((seat) => drawUptime(seed, stint, seat).map((up) => ({ seat, ...up })));
  await owner.query(
    `INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at, end_at)
    SELECT i.id, $1, i.card, i.from_at, i.to_at FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) AS i (id, card, from_at, to_at)`,
    [
      ref.organisationId,
      proven.map(({ seat }) => ids[seat]),
      proven.map(({ seat }) => cards[seat]),
      proven.map(({ startAt }) => toIso(startAt)),
      proven.map(({ endAt }) => toIso(endAt)),
    ],
  );
}

/** Writes stints that begin: their money, reservations, allocations and evidence. Those that are there are left alone. */
export async function writeStints(
  owner: Client,
  ground: YearGround,
  seed: number,
  stints: readonly Stint[],
): Promise<void> {
  const all = stints.map((stint) => placedStint(ground, stint));
  const { rows } = await owner.query<{ id: string }>('SELECT id FROM reservation WHERE id = ANY($1)', [
    all.map(({ ref }) => ref.reservationId),
  ]);
  const known = new Set(rows.map(({ id }) => id));
  const added = all.filter(({ ref }) => !known.has(ref.reservationId));
  if (added.length === 0) return;
  await holdMoney(added);
  await owner.query('BEGIN');
  await owner.query(`SELECT set_config('kashi.epoch', '1', true)`);
  await writeReservations(owner, ground.poolId, added);
  for (const each of added) await writeAllocations(owner, ground, seed, each);
  await owner.query('COMMIT');
}
