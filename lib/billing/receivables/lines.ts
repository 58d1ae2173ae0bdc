import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { type AccountLine, readAllLines, readLines } from '#lib/ledger/on-account.ts';
import { withTx } from '#lib/platform/db.ts';
import { readOverdueSince } from './overdue.ts';
import { readNames } from './store.ts';

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
