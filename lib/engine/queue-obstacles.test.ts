import fc from 'fast-check';
import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, plusMs } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { obstacleOf, Worked } from '#lib/reservations/queue/obstacles.ts';
import { decideRound } from './batch.ts';
import { booking, commandOf, ORG, OTHER, PRICE, RICH, T0 } from './testing.ts';
import { queuePool, submitJob } from './testing-queue.ts';

const QUOTA = 40;

const wishes = fc.record({
  cards: fc.constantFrom(4, 8, 12, 16, 24),
  walltimeSeconds: fc.constantFrom(1_800, 3_600, 7_200),
  tier: fc.constantFrom('standard' as const, 'flex' as const),
  isOwn: fc.boolean(),
  isCapped: fc.boolean(),
});

/** Eight cards are in use for three hours and twenty more in the second of them; the other one has no money. */
function market() {
  const mind = queuePool(4);
  mind.book.limits.set(ORG, { cardQuota: QUOTA, monthlySpendingLimitUnits: null });
  const later = { cards: 20, startAt: plusMs(T0, HOUR_MS), durationSeconds: 3_600 };
  const bookings = [booking('rsv_a', { cards: 8, durationSeconds: 3 * 3_600 }), booking('rsv_b', later)];
  const commands = bookings.map((payload) => commandOf(payload));
  const { entries } = decideRound(mind, { reports: [], commands, wallets: RICH, now: T0 });
  expect(entries.map(({ answer }) => answer.ok)).toEqual([true, true]);
  const wallets = new Map<string, Units>([...RICH, [OTHER, units(50n * 100_000_000n)]]);
  return { mind, wallets };
}

test('of many jobs that are asked about at once each has the obstacle that it has alone', () => {
  const reasons = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(wishes, { minLength: 4, maxLength: 40, size: 'max' }), (drawn) => {
      const { mind, wallets } = market();
      for (const [i, { cards, walltimeSeconds, tier, isOwn, isCapped }] of drawn.entries()) {
        const priceCapE10 = isCapped ? `${PRICE - 1n}` : null;
        submitJob(mind, `${i}`, { cards, walltimeSeconds, tier, priceCapE10 }, T0, isOwn ? ORG : OTHER);
      }
      const worked = new Worked();
      for (const i of drawn.keys()) {
        const job = present(mind.book.queue.waiting.get(`job_${i}` as Id<'job'>), 'a job');
        const together = obstacleOf(mind, job, wallets, T0, worked);
        expect(together).toEqual(obstacleOf(mind, job, wallets, T0));
        const reason = 'reason' in together ? together.reason : 'none';
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      }
    }),
  );
  expect([...reasons.keys()].sort()).toEqual(['funds', 'none', 'organisationQuota', 'priceAboveCap']);
});
