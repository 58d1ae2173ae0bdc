import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { submitCommand } from '#lib/reservations/command-log.ts';
import { decideRounds } from './deciding-rounds.ts';
import { COMMANDS_PER_ROUND } from './round-size.ts';
import { openTestMarket, settleDown } from './testing-market.ts';

await createTestDatabase();
const market = await openTestMarket(16, 0n);
const ctx: Ctx = { ...SYSTEM, now: market.startAt };
let asked = 0;

/** Hands in one more command, and tells the engine. */
async function ask(): Promise<void> {
  const { poolId, organisationId, engine } = market;
  const payload = { kind: 'cancel', reservationId: 'rsv_unknown' } as const;
  asked += 1;
  const submission = { poolId, organisationId, payload, request: {}, idempotencyKey: `ask ${asked}` };
  await submitCommand(ctx, submission, newId('command', ctx.now));
  engine.wake('commands');
}

const countAnswered = () => withTx(ctx, (tx) => tx.command.count({ where: { state: 'answered' } }));

test('a turn ends although commands come without a pause', async () => {
  await settleDown(market);
  let isOver = false;
  const askOn = async (): Promise<void> => {
    while (!isOver) await ask();
  };
  await ask();
  const asking = Promise.all(Array.from({ length: 12 }, askOn));
  expect(await market.engine.turn()).toBe(true);
  isOver = true;
  await asking;
  // Each of them asked again and again while the turn went on.
  expect(asked).toBeGreaterThan(24);
  await settleDown(market);
  expect(await countAnswered()).toBe(asked);
}, 20_000);

test('what one round leaves waiting the next one takes, without another word', async () => {
  const pool = present(market.engine.pools[0], 'a pool');
  for (let n = 0; n < COMMANDS_PER_ROUND + 5; n += 1) await ask();
  expect(await decideRounds(ctx, pool)).toBe(2);
  expect(await countAnswered()).toBe(asked);
});

test('who decides keeps its lease', async () => {
  await ask();
  await withTx(ctx, (tx) => tx.$executeRaw`UPDATE pool_lease SET expires_at = 'epoch'`);
  await decideRounds(ctx, present(market.engine.pools[0], 'a pool'));
  const leases = await withTx(
    ctx,
    (tx) => tx.$queryRaw`SELECT expires_at > clock_timestamp() AS is_held FROM pool_lease`,
  );
  expect(leases).toEqual([{ is_held: true }]);
});
