import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { type PriceE10, priceE10, type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';

/** What an organisation's locked accounts say, in 1e-8 yuan. */
export type WalletBalances = {
  readonly spendableUnits: Units;
  readonly heldUnits: Units;
  readonly committedUnits: Units;
};

/** The cached balances of an organisation's wallet, holds and commitments, each summed over its accounts. */
export async function readWalletBalances(tx: Tx, organisationId: Id<'organisation'>): Promise<WalletBalances> {
  const rows = await tx.$queryRaw<{ kind: string; left: bigint }[]>`
    SELECT kind, sum(balance_units - CASE kind WHEN 'wallet' THEN minimum_units ELSE 0 END)::bigint AS left
    FROM account WHERE organisation_id = ${organisationId} AND kind IN ('wallet', 'hold', 'commitment') GROUP BY kind`;
  const left = (kind: string): Units => units(rows.find((row) => row.kind === kind)?.left ?? 0n);
  return { spendableUnits: left('wallet'), heldUnits: left('hold'), committedUnits: left('commitment') };
}

/** What a running reservation by the hour draws: its cards, its price, and the band of one hour of the day. */
export type Draw = { readonly cards: number; readonly price: PriceE10; readonly bandBps: bigint };

/**
 * The draws of an organisation's running reservations by the hour, in an hour of the day in Shanghai. Read from the
 * promises' own rows: no journal says how fast a hold empties.
 */
export async function readDraws(tx: Tx, organisationId: Id<'organisation'>, shanghaiHour: number): Promise<Draw[]> {
  const rows = await tx.$queryRaw<{ cards: bigint; price: bigint; factor: number }[]>`
    SELECT sum(r.cards)::bigint AS cards, v.price_e10_per_card_hour AS price, coalesce(b.factor_bps, 10000) AS factor
    FROM reservation r JOIN price_version v ON v.id = r.price_version_id
    LEFT JOIN price_band b ON b.price_version_id = v.id AND b.from_hour <= ${shanghaiHour} AND ${shanghaiHour} < b.to_hour
    WHERE r.organisation_id = ${organisationId} AND r.state = 'active' AND r.purchase = 'by-hour'
    GROUP BY v.id, b.factor_bps`;
  return rows.map(({ cards, price, factor }) => ({
    cards: Number(cards),
    price: priceE10(price),
    bandBps: BigInt(factor),
  }));
}

/** What was charged to an organisation in `[from, to)`: everything that left its holds and commitments as earned. */
export async function readCharged(tx: Tx, organisationId: Id<'organisation'>, period: ClosedInterval): Promise<Units> {
  const [row] = await tx.$queryRaw<{ charged: bigint | null }[]>`
    SELECT sum(p.debit_units)::bigint AS charged FROM journal j
    JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
    WHERE j.organisation_id = ${organisationId} AND j.kind IN ('usageAccrued', 'commitmentEarned')
      AND j.effective_at >= ${toDate(period.startAt)} AND j.effective_at < ${toDate(period.endAt)}
      AND a.kind IN ('hold', 'commitment')`;
  return units(row?.charged ?? 0n);
}
