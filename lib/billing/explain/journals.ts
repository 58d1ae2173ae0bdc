import 'server-only';
import { createHash } from 'node:crypto';
import { canonicalJson } from '#lib/core/canonical.ts';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { withTx } from '#lib/platform/db.ts';
import type { Slice } from '../usage-store.ts';
import { readCause, readJournalCharges } from './cause-store.ts';
import { journalEquations } from './journal.ts';
import { relatedKeys } from './journal-keys.ts';
import { findChainPlace, findJournal, findReversal, readJournalRefs, readSeenLegs } from './journal-store.ts';
import { tenantOf } from './lines.ts';
import type { JournalCharges, JournalExplanation, SeenLeg } from './types.ts';

/** A journal's number in an address. */
const JOURNAL_NUMBER = /^\d{1,18}$/;

/** The hash of what a journal says, from its rows as they stand: see `contentHash` of the ledger. */
function hashOf({ kind, effectiveAt }: JournalExplanation['journal'], legs: readonly SeenLeg[]): string {
  const said = legs.map(({ path, debitUnits, creditUnits }) => [path, debitUnits, creditUnits]);
  return createHash('sha256')
    .update(canonicalJson({ kind, effectiveAt, legs: said }))
    .digest('hex');
}

/**
 * What a journal was posted for: the rows behind its legs, what it reverses or is reversed by, the steps of the same
 * matter, and for staff its place in the hash chain. A customer sees the own journals with the own legs. Null when there
 * is no journal of that number in sight.
 */
export async function explainJournal(ctx: Ctx, idText: string): Promise<JournalExplanation | null> {
  authorize(ctx, ctx.scope.kind === 'organisation' ? 'wallet:read' : 'ledger:read');
  if (!JOURNAL_NUMBER.test(idText)) return null;
  const organisationId = tenantOf(ctx);
  const isWhole = organisationId === null;
  return withTx(ctx, async (tx) => {
    const found = await findJournal(tx, organisationId, BigInt(idText));
    if (found === null) return null;
    const { journal, reversesKey } = found;
    const legs = await readSeenLegs(tx, journal.id);
    const seesInvoices = isPermitted(ctx.actor, 'invoice:read');
    const cause = await readCause(tx, journal, seesInvoices);
    const { invoice: _, ...source } = journal.source;
    const keys = relatedKeys(seesInvoices ? journal.source : source, journal.key);
    const [reverses = null] = reversesKey === null ? [] : await readJournalRefs(tx, organisationId, [reversesKey]);
    const original = reverses === null ? null : await readSeenLegs(tx, reverses.id);
    return {
      journal,
      legs,
      isWhole,
      cause,
      reverses,
      reversedBy: await findReversal(tx, organisationId, journal.key),
      related: await readJournalRefs(tx, organisationId, keys),
      equations: journalEquations(journal.kind, legs, isWhole, cause, original),
      // A reversal's hash is of its original and the reason; its legs are held against the original's above.
      isContentIntact: isWhole && reversesKey === null ? hashOf(journal, legs) === journal.contentHash : null,
      chain: isWhole ? await findChainPlace(tx, journal.id) : null,
    };
  });
}

/** The most charges of one page. */
const CHARGES_MOST = 200;

/** A page of the charges that a journal of an hour carries; null when it carries none, or is not in sight. */
export async function listJournalCharges(ctx: Ctx, idText: string, page: Slice): Promise<JournalCharges | null> {
  authorize(ctx, ctx.scope.kind === 'organisation' ? 'wallet:read' : 'ledger:read');
  if (!JOURNAL_NUMBER.test(idText)) return null;
  return withTx(ctx, async (tx) => {
    const found = await findJournal(tx, tenantOf(ctx), BigInt(idText));
    if (found === null) return null;
    const charges = await readJournalCharges(tx, found.journal, { ...page, take: Math.min(page.take, CHARGES_MOST) });
    return charges === null || charges.total === 0 ? null : charges;
  });
}
