import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { listWaitingLines, proposeCreditLine } from '#lib/ledger/credit-line.ts';
import type { CreditLineChange, CreditLineRefusal } from '#lib/ledger/credit-line-types.ts';
import { type AccountLine, readAllLines, readLines } from '#lib/ledger/on-account.ts';
import { withTx } from '#lib/platform/db.ts';
import { readOverdueSince } from './overdue.ts';
import { findOrganisation, readNames } from './store.ts';

/** A credit line on account, how it is used, and whether an invoice on it is late. */
export type LineView = AccountLine & { readonly overdueSinceAt: Instant | null };

/** The line of the actor's organisation; null when it has none and owes nothing on a former one. */
export async function getOwnLine(ctx: Ctx): Promise<LineView | null> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  return withTx(ctx, async (tx) => {
    const line = (await readLines(tx, [organisationId])).get(organisationId);
    if (!line || (line.limitUnits === 0n && line.owedUnits === 0n)) return null;
    const overdueSinceAt = line.owedUnits > 0n ? await readOverdueSince(tx, organisationId, ctx.now) : null;
    return { ...line, overdueSinceAt };
  });
}

/** An organisation on account as finance sees it. */
export type OrganisationLine = LineView & {
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
};

/** Everybody who buys on account, by name: the line, what is in use of it, and what is late. */
export async function listLines(ctx: Ctx): Promise<OrganisationLine[]> {
  authorize(ctx, 'ledger:read');
  return withTx(ctx, async (tx) => {
    const lines = await readAllLines(tx);
    const names = await readNames(tx, [...lines.keys()]);
    const rows: OrganisationLine[] = [];
    for (const [organisationId, line] of lines) {
      const overdueSinceAt = line.owedUnits > 0n ? await readOverdueSince(tx, organisationId, ctx.now) : null;
      const organisationName = names.get(organisationId) ?? organisationId;
      rows.push({ organisationId, organisationName, overdueSinceAt, ...line });
    }
    return rows.sort((a, b) => a.organisationName.localeCompare(b.organisationName, 'zh-CN'));
  });
}

/** A proposal of a line that waits for its second person. */
export type WaitingLine = CreditLineChange & { readonly organisationName: string };

/** The proposals of lines that wait, the oldest first. */
export async function listProposedLines(ctx: Ctx): Promise<WaitingLine[]> {
  authorize(ctx, 'creditLine:read');
  const changes = await listWaitingLines(ctx);
  const ids = changes.map(({ organisationId }) => organisationId);
  const names = await withTx(ctx, (tx) => readNames(tx, ids));
  return changes.map((change) => ({
    ...change,
    organisationName: names.get(change.organisationId) ?? change.organisationId,
  }));
}

/** Proposes a line on account for the organisation of an address. */
export async function proposeAccountLine(
  ctx: Ctx,
  { slug, limitUnits, reason }: { readonly slug: string; readonly limitUnits: Units; readonly reason: string },
): Promise<Result<null, CreditLineRefusal | { readonly code: 'organisationUnknown' }>> {
  authorize(ctx, 'creditLine:propose');
  const organisationId = await withTx(ctx, (tx) => findOrganisation(tx, slug.trim()));
  if (organisationId === null) return refuse({ code: 'organisationUnknown' });
  const proposed = await proposeCreditLine(ctx, { organisationId, account: 'receivable', limitUnits, reason });
  return proposed.ok ? accept(null) : proposed;
}
