import 'server-only';
import { decideAgreement, proposeAgreement } from '#lib/catalog/agreements.ts';
import { invariant } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { UNITS_PER_YUAN, units } from '#lib/core/money.ts';
import { decideCreditLine, proposeCreditLine } from '#lib/ledger/credit-line.ts';
import { createProgramme, grantVoucher } from '#lib/vouchers/service.ts';
import { beginningsOf, STARTS_AT } from './market.ts';
import type { Market } from './steps.ts';

// What the operator's people agree to before a run on PostgreSQL begins, and while it goes on.

/** The address of an organisation of a simulated market. */
export const slugOf = (organisation: number): string => `simulated-${organisation}`;

const staff = (name: string, role: 'finance' | 'admin', now = STARTS_AT): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', name), roles: [role] },
  scope: { kind: 'staff' },
  requestId: 'req_simulate',
  now,
});

/** The credit lines on account of a market, as two people agree to them. */
export async function grantLines(market: Market): Promise<void> {
  for (const { id: organisationId, lineUnits } of beginningsOf(market)) {
    if (lineUnits === null) continue;
    const wish = { organisationId, account: 'receivable', limitUnits: lineUnits, reason: 'simulation' } as const;
    const proposed = await proposeCreditLine(staff('usr_one', 'finance'), wish);
    invariant(proposed.ok, 'a line is proposed');
    await decideCreditLine(staff('usr_two', 'admin'), { creditLineId: proposed.value.id, isApproved: true });
  }
}

/** The vouchers of a market, each of a programme of its own. */
export async function grantVouchers(market: Market): Promise<void> {
  const ctx = staff('usr_one', 'finance');
  for (const [i, { voucher }] of market.organisations.entries()) {
    if (!voucher) continue;
    const amountUnits = units(BigInt(voucher.yuan) * UNITS_PER_YUAN);
    const made = await createProgramme(ctx, {
      name: 'Simulated',
      issuerKind: 'operator',
      issuerName: 'Simulated',
      terms: 'Simulated',
      siteIds: [],
      modelIds: [],
      purchases: i % 2 === 0 ? [] : ['by-hour'],
      faceUnits: amountUnits,
      budgetUnits: amountUnits,
      priority: 10,
      validFrom: STARTS_AT,
      validUntil: plusSeconds(STARTS_AT, voucher.hours * 3_600),
    });
    invariant(made.ok, 'a programme is made');
    const { programmeId } = made.value;
    const granted = await grantVoucher(ctx, { programmeId, slug: slugOf(i), amountUnits });
    invariant(granted.ok, 'a voucher is granted');
  }
}

/** What is agreed with an organisation: the part of the list price that it pays of every SKU, from an instant on or at once. */
type Agreed = { readonly factorBps: number; readonly validFrom: Instant | null; readonly validTo: Instant | null };

/** Agrees on a price with an organisation of a market, by two people; it takes the place of what was agreed before. */
export async function agreePrice(organisation: number, agreed: Agreed, now: Instant): Promise<void> {
  const { factorBps, validFrom, validTo } = agreed;
  const proposed = await proposeAgreement(staff('usr_one', 'finance', now), {
    organisationSlug: slugOf(organisation),
    skuId: null,
    pricing: { kind: 'factor', factorBps },
    validFrom,
    validTo,
    contractNumber: 'simulated',
    reason: 'simulation',
  });
  invariant(proposed.ok, 'a price is proposed');
  const { id: agreementId } = proposed.value;
  const decided = await decideAgreement(staff('usr_two', 'admin', now), { agreementId, isApproved: true });
  invariant(decided.ok, 'a price is agreed');
}

/** The prices that a market begins with. */
export async function agreePrices(market: Market): Promise<void> {
  for (const [i, { agreed }] of market.organisations.entries()) {
    if (!agreed) continue;
    const { factorBps, hours } = agreed;
    const validTo = hours === null ? null : plusSeconds(STARTS_AT, hours * 3_600);
    await agreePrice(i, { factorBps, validFrom: null, validTo }, STARTS_AT);
  }
}
