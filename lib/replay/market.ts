import 'server-only';
import { record } from '#lib/audit/record.ts';
import { InfrastructureError } from '#lib/core/assert.ts';
import { canonicalJson } from '#lib/core/canonical.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { chargeToDate, type PriceE10, toDecimal, UNITS_PER_FEN } from '#lib/core/money.ts';
import type { Result } from '#lib/core/result.ts';
import { createStaff, signUp } from '#lib/identity/accounts.ts';
import { actAsMember, actAsStaff } from '#lib/identity/acting.ts';
import { systemCtx, visitorCtx } from '#lib/identity/context.ts';
import { inviteMember, signUpInvited } from '#lib/identity/invitations.ts';
import { matchBankLine, recordBankLine } from '#lib/payments/bank-lines.ts';
import { announceTransfer } from '#lib/payments/top-ups.ts';
import { TOP_UP_FEN_MAX } from '#lib/payments/types.ts';
import { startDemoClock } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { newSecret } from '#lib/platform/random.ts';
import { seedModels, seedSku } from '#prisma/seed/catalog.ts';
import { seedLevels, seedSite, siteOf } from '#prisma/seed/fleet.ts';
import type { TraceJob } from './trace.ts';

/** What a replay was started with; a continued one must be the same. */
export type ReplayTerms = {
  readonly traceSha256: string;
  readonly price: PriceE10;
  readonly site: string;
  readonly cards: number;
  readonly startAt: Instant;
  readonly faults: 'none' | 'llama3';
  readonly seed: number;
};

export const FINANCE_EMAIL = 'finance@replay.example';

/** The address of a person of the trace. */
export function emailOf(job: Pick<TraceJob, 'user' | 'tenant'>): string {
  const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '-');
  return `${bare(job.user)}@${bare(job.tenant)}.example`;
}

function must<T>(result: Result<T, { readonly code: string }>, what: string): T {
  if (!result.ok) throw new InfrastructureError(`${what} was refused: ${result.refusal.code}`);
  return result.value;
}

const termsText = (terms: ReplayTerms): string => canonicalJson({ ...terms, price: terms.price });

/** Sets the clock, builds the fleet and its price, and notes the terms; all in one transaction. */
async function seedMarket(ctx: Ctx, terms: ReplayTerms): Promise<void> {
  await withTx(
    ctx,
    async (tx) => {
      await startDemoClock(tx, terms.startAt);
      await seedLevels(tx);
      await seedModels(tx);
      const pool = await seedSite(tx, siteOf(terms.site, terms.cards), terms.seed, terms.startAt);
      const sku = {
        ...pool,
        modelId: pool.poolId.split('-').at(-1) ?? '',
        price: terms.price,
        validFrom: terms.startAt,
        bands: [],
      };
      await seedSku(tx, { ...sku, purchase: 'by-hour', terms: [] });
    },
    { timeoutMs: 120_000 },
  );
}

/** Opens the tenant's organisation with its owner, and its other users as members. */
async function seedPeople(tenant: string, emails: readonly string[]): Promise<void> {
  const [owner, ...members] = emails;
  const password = newSecret();
  const common = { password, locale: 'en' as const };
  const input = { ...common, name: owner ?? tenant, email: owner ?? '', organisationName: tenant };
  must(await signUp(await visitorCtx(), input), `signing up ${tenant}`);
  for (const email of members) {
    const ctx = await actAsMember(await systemCtx('seeding'), { email: owner ?? '' });
    const { token } = must(await inviteMember(ctx, { email, role: 'member' }), `inviting ${email}`);
    must(await signUpInvited(await visitorCtx(), { ...common, token, name: email }), `signing up ${email}`);
  }
}

/** What a tenant's jobs cost at most, in fen, rounded up. */
function costFen(jobs: readonly TraceJob[], price: PriceE10): bigint {
  const units = jobs.reduce(
    (sum, job) => sum + chargeToDate(price, BigInt(job.durationSeconds) * 10_000n) * BigInt(job.cards),
    0n,
  );
  return (units + UNITS_PER_FEN - 1n) / UNITS_PER_FEN;
}

/** Pays in what a tenant will need, by bank transfers that finance matches. */
async function fund(tenant: string, ownerEmail: string, amountFen: bigint): Promise<void> {
  let reference = 0;
  for (let rest = amountFen; rest > 0n; rest -= TOP_UP_FEN_MAX) {
    const part = rest < TOP_UP_FEN_MAX ? rest : TOP_UP_FEN_MAX;
    const system = await systemCtx('seeding');
    const owner = await actAsMember(system, { email: ownerEmail });
    const finance = await actAsStaff(system, { email: FINANCE_EMAIL });
    const payment = must(await announceTransfer(owner, part as never), `a transfer of ${tenant}`);
    reference += 1;
    const line = must(
      await recordBankLine(finance, {
        bankReference: `${tenant}-${reference}`,
        receivedAt: finance.now,
        amountYuan: toDecimal(part, 2, 2),
        payerName: tenant,
        remark: payment.remittanceCode ?? '',
      }),
      `a bank line of ${tenant}`,
    );
    must(await matchBankLine(finance, { bankLineId: line.id, paymentId: payment.id }), `a match of ${tenant}`);
  }
}

/** Builds the replay's market: a fleet, a price, an organisation with money per tenant, a member per user. */
export async function buildMarket(
  terms: ReplayTerms,
  jobs: readonly TraceJob[],
  onProgress: (line: string) => void,
): Promise<void> {
  await seedMarket(await systemCtx('seeding'), terms);
  const staff = {
    name: 'Finance',
    email: FINANCE_EMAIL,
    password: newSecret(),
    locale: 'en' as const,
    roles: ['finance' as const],
  };
  must(await createStaff(await systemCtx('seeding'), staff), 'opening the finance account');
  for (const [tenant, own] of Map.groupBy(jobs, (job) => job.tenant)) {
    const emails = [...new Set(own.map(emailOf))];
    await seedPeople(tenant, emails);
    await fund(tenant, emails[0] ?? '', costFen(own, terms.price));
    onProgress(`tenant ${tenant}: ${emails.length} users, ${own.length} jobs`);
  }
  const ctx = await systemCtx('seeding');
  await withTx(ctx, (tx) => record(ctx, tx, 'replay.begin', 'replay', { terms: termsText(terms) }));
}

/** Throws unless the database holds a replay of exactly these terms, set up to the end. */
export async function checkMarket(terms: ReplayTerms): Promise<void> {
  const ctx = await systemCtx('seeding');
  const row = await withTx(
    ctx,
    (tx) =>
      tx.$queryRaw<{ terms: string }[]>`SELECT data->>'terms' AS terms FROM audit_event WHERE action = 'replay.begin'`,
  );
  if (row[0]?.terms !== termsText(terms)) {
    throw new InfrastructureError(
      'There is no replay of this trace with these options to continue: start it without --continue.',
    );
  }
}
