import { expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { staffCtx, visitorCtx } from '#lib/identity/context.ts';
import { newOwner, newStaff } from '#lib/identity/testing/people.ts';
import { withTx } from '#lib/platform/db.ts';
import { startRealClock } from '#lib/platform/clock.ts';
import { createTestDatabase, setTestClock, SYSTEM } from '#lib/platform/testing/database.ts';
import { moveClock, readClockFor } from './clock-control.ts';
import { Engine } from './engine.ts';

await createTestDatabase();
const START = instant(Date.UTC(2026, 10, 2, 1));
const secret = await newStaff(['finance']);
const staff = () => staffCtx(secret);

test('a real clock is only read', async () => {
  expect(await readClockFor(await visitorCtx())).toMatchObject({ mode: 'real' });
  expect(await moveClock(await staff(), { kind: 'by', hours: 1 })).toEqual({
    ok: false,
    refusal: { code: 'clockIsReal' },
  });
});

test('the clock is asked, the engine goes, and the page is told when it has arrived', async () => {
  const { openTestMarket, settleDown } = await import('./testing-market.ts');
  const market = await openTestMarket(16, 0n);
  expect(market.engine).toBeInstanceOf(Engine);
  await settleDown(market);
  expect(await moveClock(await staff(), { kind: 'by', hours: 1 })).toMatchObject({ ok: true });
  expect(await moveClock(await staff(), { kind: 'by', hours: 1 })).toMatchObject({ ok: true });
  const targetAt = instant(START + 2 * HOUR_MS);
  expect(await readClockFor(await visitorCtx())).toEqual({
    mode: 'demo',
    now: START,
    targetAt,
    ratePerSecond: 0,
    isCaughtUp: false,
  });
  await settleDown(market);
  expect(await readClockFor(await staff())).toMatchObject({ now: targetAt, isCaughtUp: true });
  expect(await moveClock(await staff(), { kind: 'to', at: START })).toEqual({
    ok: false,
    refusal: { code: 'clockBackwards', nowAt: targetAt },
  });
  expect(await moveClock(await staff(), { kind: 'rate', perSecond: 60 })).toMatchObject({ ok: true });
  expect(await readClockFor(await staff())).toMatchObject({ ratePerSecond: 60 });
  expect(await moveClock(await staff(), { kind: 'rate', perSecond: 0 })).toMatchObject({ ok: true });
  expect(await readClockFor(await staff())).toMatchObject({ ratePerSecond: 0, isCaughtUp: true });
  await expect(setTestClock(plusSeconds(START, 1))).rejects.toThrow();
  await expect(withTx(SYSTEM, startRealClock)).resolves.toBeUndefined();
});

test('customers do not move the clock, and neither do auditors', async () => {
  const owner = await newOwner();
  await expect(moveClock(await owner.ctx(), { kind: 'by', hours: 1 })).rejects.toThrow(Forbidden);
  await expect(moveClock(await staffCtx(await newStaff(['auditor'])), { kind: 'by', hours: 1 })).rejects.toThrow(
    Forbidden,
  );
});
