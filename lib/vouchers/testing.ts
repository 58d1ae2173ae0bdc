import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, plusMs } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { SYSTEM } from '#lib/platform/testing/database.ts';
import { createProgramme, grantVoucher } from './service.ts';
import type { ProgrammeTerms } from './types.ts';

const DAY_MS = 86_400_000;

/** Finance, at the time of the database. */
export async function financeCtx(): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const userId = 'usr_f' as Id<'user'>;
  return { actor: { kind: 'staff', userId, roles: ['finance'] }, scope: { kind: 'staff' }, requestId: 'req_f', now };
}

export const yuan = (amount: number): Units => units(BigInt(Math.round(amount * 100)) * 1_000_000n);

/** Terms for tests: for everything, a month, face 100 yuan, budget 10,000. */
export function termsFor(now: Instant, change: Partial<ProgrammeTerms> = {}): ProgrammeTerms {
  return {
    name: '韶关算力券',
    issuerKind: 'public-body',
    issuerName: '示例市工业和信息化局',
    terms: '用于支付算力，不兑现，不找零。',
    siteIds: [],
    modelIds: [],
    purchases: [],
    faceUnits: yuan(100),
    budgetUnits: yuan(10_000),
    priority: 10,
    validFrom: now,
    validUntil: plusMs(now, 30 * DAY_MS),
    ...change,
  };
}

export async function seedProgramme(change: Partial<ProgrammeTerms> = {}): Promise<Id<'voucherProgramme'>> {
  const ctx = await financeCtx();
  const made = await createProgramme(ctx, termsFor(ctx.now, change));
  return present(made.ok ? made.value.programmeId : null, 'a programme');
}

/** A voucher of its own programme. */
export async function seedVoucher(
  slug: string,
  amount: number,
  change: Partial<ProgrammeTerms> = {},
): Promise<Id<'promoGrant'>> {
  const programmeId = await seedProgramme(change);
  const made = await grantVoucher(await financeCtx(), { programmeId, slug, amountUnits: yuan(amount) });
  return present(made.ok ? made.value.grantId : null, `a grant: ${JSON.stringify(made)}`);
}
