import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, parseId } from '#lib/core/id.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readStatement, type StatementRow } from './statement-store.ts';
import { type StatementEntry, type StatementKind, STATEMENT_KINDS } from './types.ts';

type SourceIds = Pick<StatementEntry, 'reservationId' | 'paymentId' | 'invoiceId'>;

/** The ids of a journal's source that a customer knows. */
function idsOf(source: unknown): SourceIds {
  const named: { readonly [name: string]: unknown } =
    typeof source === 'object' && source !== null ? { ...source } : {};
  const id = <K extends 'reservation' | 'payment' | 'invoice'>(kind: K): Id<K> | null => {
    const text = named[kind];
    return typeof text === 'string' ? parseId(kind, text) : null;
  };
  return { reservationId: id('reservation'), paymentId: id('payment'), invoiceId: id('invoice') };
}

const kindOf = (text: string): StatementKind | null => STATEMENT_KINDS.find((kind) => kind === text) ?? null;

function toEntry({ kind, source, ...row }: StatementRow): StatementEntry {
  return { ...row, kind: kindOf(kind) ?? 'other', ...idsOf(source) };
}

/** What a page of a statement is asked by: so many entries, from before a journal on. */
export type StatementPage = { readonly before: string | null; readonly take: number };

/** Reads a page's `before` as a journal number; null when it is none. */
function journalNumber(text: string | null): bigint | null {
  return text !== null && /^\d{1,18}$/.test(text) ? BigInt(text) : null;
}

/**
 * The journals that moved the own wallet, newest first: signed amount, balance after, kind, and the ids that explain
 * why. `next` is the `before` of the next page, null at the end. A `before` that is no journal number begins at the top.
 */
export async function listStatement(
  ctx: Ctx,
  page: StatementPage,
): Promise<{ entries: StatementEntry[]; next: string | null }> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  const rows = await withTx(ctx, (tx) => readStatement(tx, organisationId, journalNumber(page.before), page.take + 1));
  const entries = rows.slice(0, page.take).map(toEntry);
  return { entries, next: rows.length > page.take ? `${entries.at(-1)?.journalId ?? ''}` : null };
}
