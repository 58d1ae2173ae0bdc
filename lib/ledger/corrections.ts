import 'server-only';
import { present } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { chart } from './chart.ts';

// The door for other modules to corrections and disputes, within their own transaction.

/** A journal that takes another back. */
export type Reversal = {
  readonly key: string;
  readonly outcome: 'created' | 'exists';
  /** When it counts: with the original, or in the next open month when that one's is closed. */
  readonly effectiveAt: Instant;
};

/**
 * Reverses a journal: its legs the other way round, at most once. The same reason again answers `exists`. A refusal ends
 * the transaction (`ledgerRefusalOf`): `journalUnknown`, `journalNotReversible`, `journalKeyReused` when it was reversed
 * for another reason, `insufficientFunds` when what it gave is spent.
 */
export async function reverse(ctx: Ctx, tx: Tx, journalKey: string, reason: string): Promise<Reversal> {
  const [row] = await tx.$queryRaw<{ key: string; outcome: 'created' | 'exists'; effective_at: Date }[]>`
    SELECT key, outcome, effective_at FROM ledger_reverse(${actorLabel(ctx.actor)}, ${toDate(ctx.now)}::timestamptz, ${journalKey}, ${reason})`;
  const { key, outcome, effective_at: effectiveAt } = present(row, 'a reversal');
  return { key, outcome, effectiveAt: fromDate(effectiveAt) };
}

/** When a correction of something may become effective: then, or with the first instant of the next open month. */
export async function readOpenInstant(tx: Tx, at: Instant): Promise<Instant> {
  const [row] = await tx.$queryRaw<{ at: Date }[]>`SELECT ledger_open_at(${toDate(at)}::timestamptz) AS at`;
  return fromDate(present(row, 'an instant').at);
}

/** Opens an organisation's account of disputed debt, which has no floor. Before a dispute that its wallet does not cover. */
export async function openDisputedDebt(tx: Tx, organisationId: Id<'organisation'>): Promise<void> {
  const { path } = chart.receivableDisputed(organisationId);
  await tx.$executeRaw`SELECT ledger_open_debt(${path}, ${organisationId})`;
}
