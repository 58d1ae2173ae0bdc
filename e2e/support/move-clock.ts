/**
 * Runs the demo clock forward for a journey and waits until the engine has brought business time there. Run with
 * `node --conditions=react-server e2e/support/move-clock.ts <+seconds | ISO instant>` and DATABASE_URL; prints the time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '#lib/core/assert.ts';
import { parseInstant, plusSeconds, toIso } from '#lib/core/instant.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { demandClock, readNow } from '#lib/platform/clock.ts';
import { closeDatabase, withTx } from '#lib/platform/db.ts';

const TRIES_MAX = 1_200;

const [wish = ''] = process.argv.slice(2);
const ctx = await systemCtx('seeding');
const target = wish.startsWith('+') ? plusSeconds(ctx.now, Number.parseInt(wish.slice(1), 10)) : parseInstant(wish);
if (target === null) throw new InfrastructureError(`${wish} is no time`);
await withTx(ctx, (tx) => demandClock(tx, target, 0));
let now = ctx.now;
for (let tries = 0; now < target && tries < TRIES_MAX; tries += 1) {
  await sleep(50);
  now = await withTx(ctx, readNow);
}
await closeDatabase();
if (now < target) throw new InfrastructureError(`the engine did not reach ${wish}: it is ${toIso(now)}`);
process.stdout.write(toIso(now));
