import 'server-only';
import { InfrastructureError } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { type Id, parseId } from '#lib/core/id.ts';
import { parseMonth } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { readWalletMonth } from '#lib/ledger/wallet-month.ts';
import { withTx } from '#lib/platform/db.ts';
import { readCountedCredits } from '#lib/sla/month-credits.ts';
import { readLedgerUsage } from './control-store.ts';
import { readNoteCredits } from './credit-notes/export-store.ts';
import { type ExportMonth, readExportMonth, readInvoiceFacts, readReturnCredits } from './month-store.ts';
import { EXPORTS, type ExportKind, type FileOf, type FileSeal, type KeptFile } from './export-kinds.ts';
import { insertSeal, readSeals } from './seal-store.ts';
import { SELLER } from './seller.ts';
import { readOwedCharges, readOwing } from './owed-charges-store.ts';
import { readUsageAfter, type UsageCursor } from './export-store.ts';
import { type ExportSource, WRITERS } from './export-writers.ts';
import { sealedParts } from './sealing-parts.ts';
import type { UsageRecord } from './types.ts';

/** So many charges are in memory at a time, however long the file is. */
const PAGE_ROWS = 1_000;

/** Which file: its kind, the month as `YYYY-MM`, and for staff whose; without one, everybody's. */
export type ExportWish = {
  readonly kind: ExportKind;
  readonly month: string;
  readonly organisationId?: string | null;
};

/** A file that is written while it is read. `seal` is there when it was read to its end. */
export type ExportFile = {
  readonly fileName: string;
  readonly contentType: string;
  readonly parts: AsyncIterable<Uint8Array>;
  readonly seal: () => FileSeal | null;
};

/** Whose file is meant: a customer's own whatever is asked, else who is asked for; undefined when that is no id. */
function whoseOf({ scope }: Ctx, asked: string | null): Id<'organisation'> | null | undefined {
  if (scope.kind === 'organisation') return scope.organisationId;
  return asked === null ? null : (parseId('organisation', asked) ?? undefined);
}

/**
 * Reads a month's charges page by page, each in a transaction of its own: a slow reader holds nothing open. The next page
 * is on its way while one is written, and no more than that.
 */
async function* pagesOf(
  ctx: Ctx,
  facts: ExportMonth,
  organisationId: Id<'organisation'> | null,
  pageRows: number,
): AsyncGenerator<readonly UsageRecord[]> {
  const walk = { organisationId, knownAt: ctx.now };
  const read = (cursor: UsageCursor | null): Promise<UsageRecord[]> => {
    const page = withTx(ctx, (tx) => readUsageAfter(tx, facts, walk, cursor, pageRows));
    // Whoever takes the page hears of its failure; until then nobody does, and that is no fault of its own.
    page.catch(() => {});
    return page;
  };
  let next: Promise<UsageRecord[]> | null = read(null);
  try {
    while (next !== null) {
      const rows: UsageRecord[] = await next;
      const last = rows.at(-1);
      next = last !== undefined && rows.length === pageRows ? read(last) : null;
      if (rows.length > 0) yield rows;
    }
  } finally {
    await next?.catch(() => {});
  }
}

function sourceOf(ctx: Ctx, facts: ExportMonth, { organisationId, month }: FileOf, pageRows: number): ExportSource {
  return {
    facts,
    knownAt: ctx.now,
    pages: () => pagesOf(ctx, facts, organisationId, pageRows),
    owing: () => withTx(ctx, (tx) => readOwing(tx, facts)),
    owedCharges: (page) =>
      withTx(ctx, (tx) =>
        readOwedCharges(
          tx,
          page.map(({ journalKey }) => journalKey),
        ),
      ),
    credits: () => withTx(ctx, (tx) => readReturnCredits(tx, month, organisationId)),
    broken: () => withTx(ctx, (tx) => readCountedCredits(tx, month, organisationId)),
    notes: () => withTx(ctx, (tx) => readNoteCredits(tx, month, organisationId)),
    ledgerUnits: () => withTx(ctx, (tx) => readLedgerUsage(tx, month, organisationId)),
    invoiceFacts: ({ id }, lines) => withTx(ctx, (tx) => readInvoiceFacts(tx, facts, id, lines)),
    walletMonth: ({ id }) => withTx(ctx, (tx) => readWalletMonth(tx, id, month)),
  };
}

/** Keeps the seal of a closed month's file, or holds the file against the one that is kept. */
async function checkSeal(ctx: Ctx, file: FileOf, kind: ExportKind, seal: FileSeal): Promise<void> {
  await withTx(ctx, async (tx) => {
    await insertSeal(tx, file, kind, seal, { at: ctx.now, by: actorLabel(ctx.actor) });
    const kept = (await readSeals(tx, file)).find((each) => each.kind === kind);
    if (kept?.sha256 === seal.sha256) return;
    throw new InfrastructureError(
      `${kind} of ${file.month} came out as ${seal.sha256}, but ${kept?.sha256 ?? 'nothing'} is kept of it`,
    );
  });
}

/**
 * A file of a month: a customer's own; for staff one organisation's, or where the kind allows it everybody's. It holds
 * what is known by now. Of a closed month it is the same bytes at any time: its hash is kept when it is first made, and
 * a file that would differ breaks off before its end. Null when `month` is no month, when there is no such organisation,
 * and when the kind needs one organisation or its invoice and there is none.
 */
export async function exportFile(ctx: Ctx, wish: ExportWish, pageRows = PAGE_ROWS): Promise<ExportFile | null> {
  authorize(ctx, EXPORTS[wish.kind].permission);
  const { contentType, extension, name, isOfOne, needsInvoice } = EXPORTS[wish.kind];
  const month = parseMonth(wish.month);
  const organisationId = whoseOf(ctx, wish.organisationId ?? null);
  if (month === null || organisationId === undefined || (isOfOne && organisationId === null)) return null;
  const facts = await withTx(ctx, (tx) => readExportMonth(tx, month, organisationId, SELLER.nameZh));
  const account = organisationId === null ? undefined : facts.accounts.get(organisationId);
  if (organisationId !== null && account === undefined) return null;
  if (needsInvoice && !account?.record) return null;
  const file = { organisationId, month };
  let known: FileSeal | null = null;
  const parts = sealedParts(WRITERS[wish.kind](sourceOf(ctx, facts, file, pageRows)), async (seal) => {
    if (facts.closedAt !== null) await checkSeal(ctx, file, wish.kind, seal);
    known = seal;
  });
  const isOwn = ctx.scope.kind === 'organisation';
  const subject = needsInvoice ? (account?.record?.invoice.number ?? month) : month;
  const whose = isOwn || needsInvoice ? '' : `-${organisationId ?? 'all'}`;
  return { fileName: `kashi-${name}-${subject}${whose}.${extension}`, contentType, parts, seal: () => known };
}

/** What is kept of a closed month's files: a customer's own, or for staff one organisation's or everybody's. */
export async function listKeptFiles(ctx: Ctx, wish: Omit<ExportWish, 'kind'>): Promise<KeptFile[]> {
  authorize(ctx, 'usage:read');
  const month = parseMonth(wish.month);
  const organisationId = whoseOf(ctx, wish.organisationId ?? null);
  if (month === null || organisationId === undefined) return [];
  return withTx(ctx, (tx) => readSeals(tx, { organisationId, month }));
}
