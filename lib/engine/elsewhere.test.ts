import { describe, expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { type Units, UNITS_PER_YUAN, units } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import { type Elsewhere, restoreElsewhere } from '#lib/reservations/elsewhere.ts';
import { elsewhereSeen, limitsSeen, restoreLimits } from '#lib/reservations/limits-seen.ts';
import type { OrganisationLimits } from '#lib/reservations/types.ts';
import { decideRound } from './batch.ts';
import type { Mind } from './mind.ts';
import { booking, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';
import { submit } from './testing-decisions.ts';

const PROJECT = 'prj_a' as Id<'project'>;
const yuan = (count: number): Units => units(BigInt(count) * UNITS_PER_YUAN);
const hours = (from: number, to: number | null) => ({
  startAt: instant(T0 + from * HOUR_MS),
  endAt: to === null ? null : instant(T0 + to * HOUR_MS),
});

/** 12 cards in another pool for two hours, 4 of them in a project, and 2 of nobody's project for ever after a day; 90 yuan set aside, 30 in it. */
const ELSEWHERE: Elsewhere = {
  reserved: [
    { projectId: null, cards: 8, interval: hours(0, 2) },
    { projectId: PROJECT, cards: 4, interval: hours(0, 2) },
    { projectId: null, cards: 2, interval: hours(24, null) },
  ],
  setAside: [
    { holderId: ORG, month: monthOf(T0), amountUnits: yuan(90) },
    { holderId: PROJECT, month: monthOf(T0), amountUnits: yuan(30) },
  ],
};

/** One server of 16 cards at 10 yuan an hour, and ORG with a project, bounds, and what it has elsewhere. */
function setup(own: Partial<OrganisationLimits>, ofProject: Partial<OrganisationLimits> = {}): Mind {
  const mind = smallPool(1);
  mind.book.limits.set(ORG, { cardQuota: 10_000, monthlySpendingLimitUnits: null, ...own });
  const project = { id: PROJECT, organisationId: ORG, isClosed: false };
  mind.book.projects.set(PROJECT, { ...project, cardQuota: null, monthlySpendingLimitUnits: null, ...ofProject });
  restoreElsewhere(mind.book.elsewhere, [ORG, OTHER], new Map([[ORG, ELSEWHERE]]));
  return mind;
}

const refusalOf = ({ answer }: ReturnType<typeof submit>) => (answer.ok ? null : answer.refusal);

describe('what is reserved in another pool', () => {
  test('counts for the quota of cards, as long as it lasts', () => {
    const mind = setup({ cardQuota: 16 });
    expect(refusalOf(submit(mind, booking('rsv_a', { cards: 5 })))).toEqual({
      code: 'quotaExceeded',
      quota: 16,
      inUse: 12,
    });
    expect(refusalOf(submit(mind, booking('rsv_b', { cards: 16, startAt: hours(2, 3).startAt })))).toBeNull();
    expect(refusalOf(submit(mind, booking('rsv_c', { cards: 15, startAt: hours(30, 31).startAt })))).toMatchObject({
      code: 'quotaExceeded',
      inUse: 2,
    });
    expect(refusalOf(submit(mind, booking('rsv_d', { cards: 4 })))).toBeNull();
    expect(refusalOf(submit(mind, booking('rsv_e')))).toMatchObject({ code: 'quotaExceeded', inUse: 16 });
  });

  test('counts for a project with what is its own, and for nobody else', () => {
    const mind = setup({}, { cardQuota: 6 });
    expect(refusalOf(submit(mind, booking('rsv_a', { projectId: PROJECT, cards: 3 })))).toMatchObject({
      code: 'projectQuotaExceeded',
      inUse: 4,
    });
    expect(refusalOf(submit(mind, booking('rsv_b', { projectId: PROJECT, cards: 2 })))).toBeNull();
    expect(refusalOf(submit(mind, booking('rsv_c', { cards: 8 }), T0, OTHER))).toBeNull();
  });
});

test('what is set aside in another pool counts for the monthly limits', () => {
  const mind = setup({ monthlySpendingLimitUnits: yuan(120) }, { monthlySpendingLimitUnits: yuan(40) });
  expect(refusalOf(submit(mind, booking('rsv_a', { cards: 4 })))).toEqual({
    code: 'spendingLimitExceeded',
    limitUnits: `${yuan(120)}`,
    committedUnits: `${yuan(90)}`,
  });
  expect(refusalOf(submit(mind, booking('rsv_b', { projectId: PROJECT, cards: 2 })))).toMatchObject({
    code: 'projectLimitExceeded',
    committedUnits: `${yuan(30)}`,
  });
  expect(refusalOf(submit(mind, booking('rsv_c', { projectId: PROJECT })))).toBeNull();
  expect(refusalOf(submit(mind, booking('rsv_d', { cards: 2 })))).toBeNull();
  expect(refusalOf(submit(mind, booking('rsv_e')))).toMatchObject({ committedUnits: `${yuan(120)}` });
});

describe('the log', () => {
  test('keeps what was seen of it where it refused something, and plays again', () => {
    const mind = setup({ cardQuota: 16 });
    const commands = [booking('rsv_a', { cards: 4 }), booking('rsv_b', { cards: 1 })].map((each) => commandOf(each));
    const { entries } = decideRound(mind, { reports: [], commands, wallets: RICH, now: T0 });
    expect(entries.map(({ answer, inputs }) => [answer.ok, 'elsewhere' in inputs])).toEqual([
      [true, false],
      [false, true],
    ]);
    const again = setup({});
    again.book.elsewhere.clear();
    for (const { payload, answer, inputs } of entries) {
      restoreLimits(again.book, inputs);
      expect(submit(again, payload).answer).toEqual(answer);
    }
  });

  test('puts it back whatever the order; where nothing is kept there was nothing that counted', () => {
    const mind = setup({ cardQuota: 1 });
    const seen = {
      ...limitsSeen(mind.book, { organisationId: ORG, projectId: PROJECT }),
      ...elsewhereSeen(mind.book, ORG, submit(mind, booking('rsv_a', { cards: 2 })).answer),
    };
    for (const inputs of [Object.entries(seen), Object.entries(seen).reverse()]) {
      const other = setup({});
      other.book.elsewhere.clear();
      restoreLimits(other.book, Object.fromEntries(inputs));
      expect(other.book.elsewhere).toEqual(mind.book.elsewhere);
      restoreLimits(other.book, { limits: seen.limits ?? '' });
      expect(other.book.elsewhere.size).toBe(0);
    }
  });

  test('keeps it with what time decided', () => {
    const mind = setup({ monthlySpendingLimitUnits: yuan(110) });
    submit(mind, booking('rsv_a', { durationSeconds: null }));
    const { entries } = decideRound(mind, { reports: [], commands: [], wallets: RICH, now: hours(3, 4).startAt });
    expect(entries.map(({ inputs }) => Object.keys(inputs))).toEqual([expect.arrayContaining([`elsewhere:${ORG}`])]);
    expect(mind.book.reservations.size).toBe(0);
  });
});
