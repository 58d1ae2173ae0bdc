import { type Decimal, plus, ZERO_DECIMAL } from '#lib/core/decimal.ts';
import type { Instant } from '#lib/core/instant.ts';
import { earlier, later } from '#lib/core/instant.ts';
import { type Units, units, WHOLE_BPS } from '#lib/core/money.ts';
import type { SkuFacts, UsageRecord } from '../types.ts';
import { chargeNet } from './charge-rows.ts';
import type { LineKey } from './month.ts';
import { cardHours, costOf, netPrice, netTermPrice } from './prices.ts';

/** A month's share of one prepaid term: what its hours earned, and over which time. */
export type TermTally = {
  readonly charge: UsageRecord;
  readonly seconds: bigint;
  readonly accruedUnits: Units;
  readonly netUnits: Units;
  readonly startAt: Instant;
  readonly endAt: Instant;
};

/** What the rows of one invoice line come to without tax. */
export type LineTally = { readonly netUnits: Units; readonly listCost: Decimal };

const EMPTY_LINE: LineTally = { netUnits: units(0n), listCost: ZERO_DECIMAL };
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
    this.#addLine(charge, net, charge.purchase === 'by-hour' ? hourCost(charge, sku) : ZERO_DECIMAL);
    if (charge.purchase === 'by-card') this.#addTerm(charge, net);
  }

  /** Counts the list cost of a term's purchase, which is known only with all of its hours. */
  addPurchase(key: LineKey, listCost: Decimal): void {
    this.#addLine(key, units(0n), listCost);
  }

  line(key: LineKey): LineTally {
    return this.#lines.get(lineKey(key)) ?? EMPTY_LINE;
  }

  /** The terms of the month by organisation and reservation: the same order however the charges came. */
  terms(): TermTally[] {
    return [...this.#terms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, term]) => term);
  }

  #addLine(key: LineKey, net: Units, listCost: Decimal): void {
    const { netUnits, listCost: before } = this.line(key);
    this.#lines.set(lineKey(key), { netUnits: units(netUnits + net), listCost: plus(before, listCost) });
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

function hourCost(charge: UsageRecord, sku: SkuFacts): Decimal {
  const price = netPrice(charge.priceE10PerCardHour, charge.bandBps, sku.taxRateBps);
  return costOf(price, cardHours(BigInt(charge.usedSeconds)));
}

/** The price of one card-hour of a term without tax. */
export function termPrice(charge: UsageRecord, sku: SkuFacts): Decimal {
  return charge.term === null
    ? netPrice(charge.priceE10PerCardHour, Number(WHOLE_BPS), sku.taxRateBps)
    : netTermPrice(charge.term, sku.taxRateBps);
}
