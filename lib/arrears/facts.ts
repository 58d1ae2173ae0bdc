import 'server-only';
import { burnAt } from '#lib/billing/runway.ts';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { ZERO_UNITS } from '#lib/core/money.ts';
import { type Means, readDebtors, readMeans } from '#lib/ledger/arrears.ts';
import type { Tx } from '#lib/platform/db.ts';
import { type OpenEnd, readOpenEnds, readUnsettledStops } from '#lib/reservations/open-ends.ts';
import { readVouchers } from '#lib/vouchers/spending.ts';
import type { Voucher } from '#lib/vouchers/types.ts';
import { FIRST_STANDING } from './arrears.ts';
import { runsOutAt } from './forecast.ts';
import { readStandings, readTerms } from './store.ts';
import type { ArrearsFacts, ArrearsTerms, Standing } from './types.ts';

/** Everything that an organisation's next step is decided from. */
export type Situation = {
  readonly organisationId: Id<'organisation'>;
  readonly standing: Standing;
  readonly terms: ArrearsTerms;
  readonly facts: ArrearsFacts;
};

const NO_MEANS: Means = { spendableUnits: ZERO_UNITS, owedUnits: ZERO_UNITS, unspentUnits: ZERO_UNITS };

function factsOf(
  means: Means,
  vouchers: readonly Voucher[],
  ends: readonly OpenEnd[],
  prices: ReadonlyMap<string, PriceVersion>,
  isUnsettled: boolean,
  now: Instant,
  horizonHours: number,
): ArrearsFacts {
  const draws = ends.map((end) => ({
    ...end,
    paid: { siteId: end.siteId, modelId: end.modelId, purchase: 'by-hour' as const },
    price: present(prices.get(end.priceVersionId), 'price version'),
  }));
  const graces = ends.flatMap(({ graceFrom, heldUntil }) =>
    graceFrom === null ? [] : [{ from: graceFrom, stopAt: heldUntil }],
  );
  const grace = graces.reduce<ArrearsFacts['grace']>(
    (all, { from, stopAt }) =>
      all === null
        ? { from, stopAt }
        : { from: from < all.from ? from : all.from, stopAt: stopAt > all.stopAt ? stopAt : all.stopAt },
    null,
  );
  return {
    spendableUnits: means.spendableUnits,
    owedUnits: means.owedUnits,
    burnUnitsPerHour: burnAt(draws, now),
    runsOutAt: runsOutAt(means.spendableUnits, draws, plusSeconds(now, horizonHours * 3_600), vouchers),
    grace,
    isUnsettled,
  };
}

/**
 * The situations of some organisations, or of all that something could happen to: who runs something until its money
 * does, who owes, who is not well. One look at each table, however many there are. A forecast looks an hour beyond the
 * first warning, or as far as it is told.
 */
export async function readSituations(
  tx: Tx,
  now: Instant,
  organisationIds: readonly string[] | null,
  horizonHours: number | null = null,
): Promise<Situation[]> {
  const ends = Map.groupBy(await readOpenEnds(tx, organisationIds), ({ organisationId }) => organisationId as string);
  const known = await readStandings(tx, organisationIds);
  const concerned =
    organisationIds ?? [...new Set([...ends.keys(), ...known.keys(), ...(await readDebtors(tx))])].sort();
  if (concerned.length === 0) return [];
  const standings = organisationIds === null ? await readStandings(tx, concerned) : known;
  const means = await readMeans(tx, concerned);
  const vouchers = await readVouchers(tx, concerned, now);
  const terms = await readTerms(tx, concerned);
  const unsettled = await readUnsettledStops(tx, concerned);
  const versions = [...ends.values()].flat().map(({ priceVersionId }) => priceVersionId);
  const prices = new Map<string, PriceVersion>(
    (await readPriceVersions(tx, versions)).map((price) => [price.id, price]),
  );
  return concerned.map((id) => {
    const own = present(terms.get(id) ?? terms.get(''), 'the operator’s policy');
    const hours = horizonHours ?? own.firstWarningHours + 1;
    return {
      organisationId: id as Id<'organisation'>,
      standing: standings.get(id) ?? FIRST_STANDING,
      terms: own,
      facts: factsOf(
        means.get(id) ?? NO_MEANS,
        vouchers.get(id as Id<'organisation'>) ?? [],
        ends.get(id) ?? [],
        prices,
        unsettled.has(id),
        now,
        hours,
      ),
    };
  });
}
