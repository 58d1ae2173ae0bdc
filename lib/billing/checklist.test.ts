import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { type ChecklistFacts, checklist, checklistDone, obstacleOf } from './checklist.ts';
import type { MonthFigures } from './types.ts';

const FIGURES: MonthFigures = {
  charges: 720n,
  usedSeconds: 2_592_000n,
  organisations: 1,
  chargesUnits: units(8_640_00000000n),
  ledgerUnits: units(8_640_00000000n),
  clearedUnits: units(0n),
  unmetered: { count: 0, example: null },
  missing: { count: 0, seconds: 0n, example: null },
  twice: { count: 0, seconds: 0n, example: null },
  openHolds: { count: 0, leftUnits: units(0n), example: null },
  negativeLines: { count: 0, example: null },
  credits: { isGiven: true, count: 0, amountUnits: units(0n) },
  carriedLines: { count: 0, units: units(0n) },
  suspenseUnits: units(0n),
};
const READY: ChecklistFacts = {
  month: '2026-11' as Month,
  state: 'collecting',
  now: instant(Date.UTC(2026, 11, 2, 4)),
  earlierOpen: null,
  figures: FIGURES,
};

const statuses = (facts: Partial<ChecklistFacts>): string =>
  checklist({ ...READY, ...facts })
    .map(({ name, status }) => `${name}:${status}`)
    .filter((text) => !text.endsWith(':holds'))
    .join(' ');

test('a month of which everything holds can be closed', () => {
  expect(statuses({})).toBe('');
  expect(obstacleOf(checklist(READY))).toBeNull();
});

const broken = { count: 2, example: 'alc_1' };
test.each<[string, Partial<ChecklistFacts>, string]>([
  ['the month runs', { now: instant(Date.UTC(2026, 10, 30, 15, 59, 59)), figures: null }, 'over monthNotOver'],
  [
    'late usage may come',
    { now: instant(Date.UTC(2026, 11, 2, 3, 59, 59)), figures: null },
    'collected monthCollecting',
  ],
  ['October is open', { earlierOpen: '2026-10' as Month, figures: null }, 'inOrder earlierMonthOpen'],
  ['hours are missing', { figures: { ...FIGURES, unmetered: broken } }, 'hours usageIncomplete'],
  ['time is not charged', { figures: { ...FIGURES, missing: { ...broken, seconds: 7n } } }, 'gaps usageMissing'],
  ['time is charged twice', { figures: { ...FIGURES, twice: { ...broken, seconds: 7n } } }, 'doubles usageTwice'],
  ['holds are open', { figures: { ...FIGURES, openHolds: { ...broken, leftUnits: units(1n) } } }, 'holds holdsOpen'],
  [
    'the books differ by a unit',
    { figures: { ...FIGURES, ledgerUnits: units(8_640_00000001n) } },
    'agreed booksDiffer',
  ],
  [
    'credits are not given',
    { figures: { ...FIGURES, credits: { ...FIGURES.credits, isGiven: false } } },
    'credits creditsMissing',
  ],
])('when %s, that check alone blocks and those behind it wait', (_, facts, expected) => {
  const checks = checklist({ ...READY, ...facts });
  const blocking = checks.filter(({ status }) => status === 'blocks');
  expect(blocking.map(({ name, refusal }) => `${name} ${refusal?.code}`)).toEqual([expected]);
  expect(obstacleOf(checks)).toBe(blocking[0]?.refusal);
  const at = checks.findIndex(({ status }) => status === 'blocks');
  expect(checks.slice(0, at).every(({ status }) => status === 'holds')).toBe(true);
  expect(checks.slice(at + 1).every(({ status }) => status === 'waits')).toBe(true);
});

test('of everything that is wrong, the first in order blocks', () => {
  const figures = { ...FIGURES, missing: { ...broken, seconds: 7n }, ledgerUnits: units(1n) };
  expect(obstacleOf(checklist({ ...READY, figures }))?.code).toBe('usageMissing');
  expect(obstacleOf(checklist({ ...READY, figures, earlierOpen: '2026-10' as Month }))?.code).toBe('earlierMonthOpen');
});

test('money in suspense is to be looked at and keeps no month open', () => {
  const checks = checklist({ ...READY, figures: { ...FIGURES, suspenseUnits: units(5n) } });
  expect(statuses({ figures: { ...FIGURES, suspenseUnits: units(5n) } })).toBe('suspense:notice');
  expect(obstacleOf(checks)).toBeNull();
});

test('without figures, what needs them waits', () => {
  expect(statuses({ figures: null })).toBe(
    'hours:waits gaps:waits doubles:waits holds:waits lines:waits agreed:waits credits:waits suspense:waits',
  );
});

test('once a close has begun, everything held', () => {
  expect(checklistDone(FIGURES).every(({ status }) => status === 'holds')).toBe(true);
});
