import { describe, expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import {
  partGivenBack,
  type RefundBook,
  type RefundFacts,
  refundFrom,
  refundRefusal,
  refundSeen,
  refundUsed,
  restoreRefunds,
} from './refund-terms.ts';

const BOUGHT_AT = instant(Date.UTC(2026, 10, 20, 3, 4, 5, 678));
const ORG = 'org_a' as Id<'organisation'>;
const SKU = 'sku_card' as Id<'sku'>;
const FACTS: RefundFacts = {
  policyId: 'trp_one' as Id<'termRefundPolicy'>,
  terms: ['week', 'month'],
  windowDays: 5,
  organisationId: ORG,
  skuId: SKU,
  isUsed: false,
  isPartGivenBack: false,
};
const month = {
  term: { kind: 'month', seconds: 2_592_000, priceUnits: units(1n) },
  createdAt: BOUGHT_AT,
} as const;
const later = (ms: number) => instant(BOUGHT_AT + ms);

describe('a full refund', () => {
  test('is due up to five times 24 hours after the purchase, to the millisecond', () => {
    expect(refundRefusal(month, FACTS, later(0))).toBeNull();
    expect(refundRefusal(month, FACTS, later(5 * DAY_MS))).toBeNull();
    const untilAt = later(5 * DAY_MS);
    const late = { code: 'refundTooLate', untilAt, windowDays: 5 };
    expect(refundRefusal(month, FACTS, later(5 * DAY_MS + 1))).toEqual(late);
  });

  test('is of terms that the rule names, and of none without days', () => {
    const day = { ...month, term: { ...month.term, kind: 'day' } } as const;
    expect(refundRefusal(day, FACTS, later(0))).toEqual({ code: 'refundNotATerm' });
    expect(refundRefusal({ ...month, term: null }, FACTS, later(0))).toEqual({ code: 'refundNotATerm' });
    expect(refundRefusal(month, { ...FACTS, windowDays: 0 }, later(0))).toEqual({ code: 'refundNotATerm' });
  });

  test('is refused for the first reason of the order', () => {
    const all = { ...FACTS, isUsed: true, isPartGivenBack: true };
    const late = later(6 * DAY_MS);
    expect(refundRefusal({ ...month, term: null }, all, late)?.code).toBe('refundNotATerm');
    expect(refundRefusal(month, all, late)?.code).toBe('refundTooLate');
    expect(refundRefusal(month, all, later(0))?.code).toBe('refundUsedBefore');
    expect(refundRefusal(month, { ...all, isUsed: false }, later(0))?.code).toBe('refundPartReturned');
  });
});

describe('what a round knows of refunds', () => {
  const [one, two, other] = ['rsv_one', 'rsv_two', 'rsv_other'] as Id<'reservation'>[];
  const setup = (): RefundBook => {
    const book: RefundBook = new Map();
    const stranger = { ...FACTS, organisationId: 'org_b' as Id<'organisation'> };
    if (one && two && other)
      restoreRefunds(
        book,
        new Map([
          [one, FACTS],
          [two, FACTS],
          [other, stranger],
        ]),
      );
    return book;
  };

  test('one refund uses the right up for every other of its organisation and SKU, and the undo gives it back', () => {
    const book = setup();
    const undo = refundUsed(book, { organisationId: ORG, skuId: SKU });
    expect([...book.values()].map(({ isUsed }) => isUsed)).toEqual([true, true, false]);
    undo();
    expect(book).toEqual(setup());
  });

  test('cards given back count for their reservation alone', () => {
    const book = setup();
    const undo = partGivenBack(book, 'rsv_two');
    expect([...book.values()].map(({ isPartGivenBack }) => isPartGivenBack)).toEqual([false, true, false]);
    undo();
    expect(book).toEqual(setup());
  });

  test('is read back from the log as it was seen', () => {
    const seen = { ...FACTS, isUsed: true };
    expect(refundFrom(refundSeen(seen)['refund'] ?? '')).toEqual(seen);
    expect(refundFrom(refundSeen(FACTS)['refund'] ?? '')).toEqual(FACTS);
    expect(refundSeen(undefined)).toEqual({});
  });
});
