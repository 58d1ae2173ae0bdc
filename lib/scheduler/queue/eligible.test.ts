import { expect, test } from 'vitest';
import { priceE10, units } from '#lib/core/money.ts';
import type { QueuedJob, QueueRefusal, QueueSnapshot } from '../queue-types.ts';
import { chargeMax, Commitments } from './eligible.ts';
import { account, at, job, running, snapshot } from './testing.ts';

const refusal = (candidate: QueuedJob, more: Partial<QueueSnapshot> = {}): QueueRefusal | null =>
  new Commitments(snapshot(more)).refusalOf(candidate);

test('a job costs at most its cards for its whole walltime at the price of now', () => {
  expect(chargeMax(job('a', 2, 90), snapshot())).toBe(units(3_750_000_000n));
});

test('rules are asked in their order', () => {
  const accounts = new Map([['acme/main', account({ quotaCards: 1, limitLeftUnits: units(0n) })]]);
  const bad = job('a', 9, 60, { deadlineAt: at(1), priceCapE10: priceE10(1n) });
  expect(refusal(bad, { accounts })).toBe('neverFits');
  expect(refusal({ ...bad, cards: 2 }, { accounts })).toBe('deadlineMissed');
  expect(refusal({ ...bad, cards: 2, deadlineAt: null }, { accounts })).toBe('priceAboveCap');
  expect(refusal(job('a', 2, 60), { accounts })).toBe('quotaExceeded');
  expect(refusal(job('a', 1, 60), { accounts })).toBe('spendingLimitReached');
  expect(refusal(job('a', 1, 60))).toBeNull();
});

test('a cap equal to the price, a limit equal to the charge and the last card of a quota suffice', () => {
  const accounts = new Map([['acme/main', account({ quotaCards: 4, limitLeftUnits: units(1_250_000_000n) })]]);
  const candidate = job('a', 1, 60, { priceCapE10: priceE10(125_000_000_000n) });
  expect(refusal(candidate, { accounts, running: [running('x', 0, 3, 60)] })).toBeNull();
  expect(refusal(candidate, { accounts, running: [running('x', 0, 4, 60)] })).toBe('quotaExceeded');
});

test('what starts in a round counts against the limit at once', () => {
  const accounts = new Map([['acme/main', account({ limitLeftUnits: units(1_250_000_001n) })]]);
  const commitments = new Commitments(snapshot({ accounts }));
  expect(commitments.refusalOf(job('a', 1, 60))).toBeNull();
  commitments.add(job('a', 1, 60));
  expect(commitments.refusalOf(job('b', 1, 60))).toBe('spendingLimitReached');
  expect(commitments.refusalOf(job('c', 1, 60, { accountId: 'other/main' }))).toBeNull();
});
