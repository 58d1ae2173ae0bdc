import { type Decimal, plus, ZERO_DECIMAL } from '#lib/core/decimal.ts';
import type { Instant } from '#lib/core/instant.ts';
import { earlier, later } from '#lib/core/instant.ts';
import { type PriceE10, type Units, units, WHOLE_BPS } from '#lib/core/money.ts';
import type { SkuFacts, UsageRecord } from '../types.ts';
import { chargeNet } from './charge-rows.ts';
import type { LineKey } from './month.ts';
import { cardHours, costOf, listPrice, netPrice, netTermPrice } from './prices.ts';

/** A month's share of one prepaid term: what its hours earned, and over which time. */
export type TermTally = {
  readonly charge: UsageRecord;
  readonly seconds: bigint;
  readonly accruedUnits: Units;
  readonly netUnits: Units;
  readonly startAt: Instant;
  readonly endAt: Instant;
};

/** What something costs by definition: by the list, and by what was agreed with the customer. */
export type CostPair = { readonly listCost: Decimal; readonly contractedCost: Decimal };

/** What the rows of one invoice line come to without tax. */
export type LineTally = { readonly netUnits: Units } & CostPair;

const NO_COST: CostPair = { listCost: ZERO_DECIMAL, contractedCost: ZERO_DECIMAL };
const EMPTY_LINE: LineTally = { netUnits: units(0n), ...NO_COST };
const lineKey = ({ organisationId, skuId, priceVersionId }: LineKey): string =>
  `${organisationId} ${skuId} ${priceVersionId}`;

/**
 * What must be known of all charges before the last rows can be written. It grows with the invoice lines and the prepaid
 * terms of a month, never with its hours.
 */
export class FocusTally {
  readonly #lines = new Map<string, LineTally>();
  readonly #terms = new Map<string, TermTally>();

  add(charge: UsageRecord, sku: SkuFacts): void {
    const net = chargeNet(charge, sku);
    this.#addLine(charge, net, charge.purchase === 'by-hour' ? hourCost(charge, sku) : NO_COST);
    if (charge.purchase === 'by-card') this.#addTerm(charge, net);
  }

  /** Counts the costs of a term's purchase, which are known only with all of its hours. */
  addPurchase(key: LineKey, cost: CostPair): void {
    this.#addLine(key, units(0n), cost);
  }

  line(key: LineKey): LineTally {
    return this.#lines.get(lineKey(key)) ?? EMPTY_LINE;
  }

  /** The terms of the month by organisation and reservation: the same order however the charges came. */
  terms(): TermTally[] {
    return [...this.#terms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, term]) => term);
  }

  #addLine(key: LineKey, net: Units, cost: CostPair): void {
    const { netUnits, listCost, contractedCost } = this.line(key);
    this.#lines.set(lineKey(key), {
      netUnits: units(netUnits + net),
      listCost: plus(listCost, cost.listCost),
      contractedCost: plus(contractedCost, cost.contractedCost),
    });
  }

  #addTerm(charge: UsageRecord, net: Units): void {
    const seconds = BigInt(charge.usedSeconds + charge.unusedSeconds);
    if (seconds === 0n && net === 0n) return;
    const key = `${charge.organisationId} ${charge.reservationId}`;
    const known = this.#terms.get(key);
    this.#terms.set(key, {
      charge: known?.charge ?? charge,
      seconds: (known?.seconds ?? 0n) + seconds,
      accruedUnits: units((known?.accruedUnits ?? 0n) + charge.amountUnits),
      netUnits: units((known?.netUnits ?? 0n) + net),
      startAt: earlier(known?.startAt ?? charge.startAt, charge.startAt),
      endAt: later(known?.endAt ?? charge.endAt, charge.endAt),
    });
  }
}

function hourCost(charge: UsageRecord, sku: SkuFacts): CostPair {
  const hours = cardHours(BigInt(charge.usedSeconds));
  const cost = (price: PriceE10) => costOf(netPrice(price, charge.bandBps, sku.taxRateBps), hours);
  return { listCost: cost(listPrice(charge)), contractedCost: cost(charge.priceE10PerCardHour) };
}

/** The price of one card-hour of a term without tax. */
export function termPrice(charge: UsageRecord, sku: SkuFacts): Decimal {
  return charge.term === null
    ? netPrice(charge.priceE10PerCardHour, Number(WHOLE_BPS), sku.taxRateBps)
    : netTermPrice(charge.term, sku.taxRateBps);
}

/** The same by the list. */
export function listTermPrice(charge: UsageRecord, sku: SkuFacts): Decimal {
  const { list, term } = charge;
  if (!list) return termPrice(charge, sku);
  return term === null || list.termUnits === null
    ? netPrice(list.priceE10PerCardHour, Number(WHOLE_BPS), sku.taxRateBps)
    : netTermPrice({ seconds: term.seconds, priceUnits: list.termUnits }, sku.taxRateBps);
}
