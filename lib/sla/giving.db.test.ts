import { expect, test } from 'vitest';
import { closePeriod } from '#lib/billing/close.ts';
import { organisationsOf, seedChargedMonth } from '#lib/billing/testing-month.ts';
import type { Ctx } from '#lib/core/context.ts';
import { instant } from '#lib/core/instant.ts';
import { type Month, monthCutoffAt, monthInterval } from '#lib/core/period.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { walletOf } from '#lib/ledger/testing.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { giveCredits } from './giving.ts';

const url = await createTestDatabase();
const MONTH = '2026-11' as Month;
await seedChargedMonth(url, { month: MONTH, cards: [2, 1, 3], hours: 720, hasEvidence: true });
const [first, ...others] = organisationsOf({ month: MONTH, cards: [2, 1, 3] });
const ctx: Ctx = {
  actor: { kind: 'system', job: 'billing' },
  scope: { kind: 'system' },
  requestId: 'req_sla',
  now: monthCutoffAt(MONTH),
};
const credits = () => withTx(SYSTEM, (tx) => tx.slaCredit.findMany({ orderBy: [{ organisationId: 'asc' }] }));

async function broken(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) found.push(name);
  return found;
}

test('probe', async () => {
  console.log(await broken());
  console.log(await withTx(SYSTEM, (tx) => tx.$queryRaw`SELECT * FROM sla_figures(${MONTH}, NULL)`));
  console.log(
    await withTx(SYSTEM, (tx) => tx.$queryRaw`SELECT * FROM sla_months_due(${new Date(ctx.now)}::timestamptz)`),
  );
  console.log(await giveCredits(ctx), await giveCredits(ctx));
  console.log(
    await credits(),
    first && (await walletOf(SYSTEM as Ctx, first)),
    others.length,
    instant(monthInterval(MONTH).endAt),
  );
  console.log(await broken());
  console.log(await closePeriod(ctx, MONTH));
  console.log(await broken());
});
