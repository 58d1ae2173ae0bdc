import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { fen } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import {
  type Amounts,
  CREDIT_NOTE_STATES,
  CREDIT_REASONS,
  type CreditableLine,
  type CreditNote,
  type CreditNoteIssue,
  type CreditNoteLine,
  type CreditNoteSnapshot,
} from './types.ts';

/** Holds what may be invoiced of an organisation, fapiao and credit notes alike, until the end of the transaction. */
export async function lockOrganisation(tx: Tx, organisationId: string): Promise<void> {
  await tx.$executeRaw`SELECT fapiao_lock(${organisationId})`;
}

/** The lines of an invoice with what issued notes have taken back, in their order. */
export async function readCreditableLines(tx: Tx, invoiceId: string): Promise<CreditableLine[]> {
  const rows = await tx.$queryRaw<
    {
      line: number;
      sku_id: string;
      tax_rate_bps: number;
      gross_fen: bigint;
      net_fen: bigint;
      tax_fen: bigint;
      gross: bigint;
      net: bigint;
      tax: bigint;
    }[]
  >`
    SELECT i.line, i.sku_id, i.tax_rate_bps, i.gross_fen, i.net_fen, i.tax_fen, c.gross, c.net, c.tax FROM invoice_line i
    CROSS JOIN LATERAL (SELECT coalesce(sum(l.gross_fen), 0)::bigint AS gross, coalesce(sum(l.net_fen), 0)::bigint AS net,
        coalesce(sum(l.tax_fen), 0)::bigint AS tax
      FROM credit_note_line l JOIN credit_note n ON n.id = l.credit_note_id AND n.state = 'issued'
      WHERE l.invoice_id = i.invoice_id AND l.line = i.line) c
    WHERE i.invoice_id = ${invoiceId} ORDER BY i.line`;
  return rows.map((row) => ({
    line: row.line,
    skuId: row.sku_id,
    taxRateBps: row.tax_rate_bps,
    whole: { grossFen: fen(row.gross_fen), netFen: fen(row.net_fen), taxFen: fen(row.tax_fen) },
    credited: { grossFen: fen(row.gross), netFen: fen(row.net), taxFen: fen(row.tax) },
  }));
}

export type NewCreditNote = Amounts &
  Pick<CreditNote, 'id' | 'invoiceId' | 'organisationId' | 'reason' | 'reasonText' | 'proposedBy' | 'proposedAt'>;

/** Writes a proposal with its lines; false when one of the same invoice waits already. */
export async function insertProposal(tx: Tx, note: NewCreditNote, lines: readonly CreditNoteLine[]): Promise<boolean> {
  const data = { ...note, state: 'proposed', proposedAt: toDate(note.proposedAt) };
  const { count } = await tx.creditNote.createMany({ data: [data], skipDuplicates: true });
  if (count === 0) return false;
  const { id: creditNoteId, invoiceId, organisationId } = note;
  await tx.creditNoteLine.createMany({
    data: lines.map((line) => ({ ...line, creditNoteId, invoiceId, organisationId })),
  });
  return true;
}

/** Whether a proposal of this invoice waits for its second person. */
export async function hasWaiting(tx: Tx, invoiceId: string): Promise<boolean> {
  return (await tx.creditNote.count({ where: { invoiceId, state: 'proposed' } })) > 0;
}

/** Takes the next gapless number of an entity's notes; the counter stays locked until the note is committed or not. */
export async function takeNumber(
  tx: Tx,
  entity: string,
  year: number,
): Promise<{ number: string; previousHash: string }> {
  const [row] = await tx.$queryRaw<{ last_number: number }[]>`
    INSERT INTO credit_note_counter AS c (entity, year, last_number) VALUES (${entity}, ${year}, 1)
    ON CONFLICT (entity, year) DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number`;
  const previous = await tx.creditNote.findFirst({
    where: { state: 'issued' },
    orderBy: { number: 'desc' },
    select: { snapshotHash: true },
  });
  const serial = `${present(row, 'a number').last_number}`.padStart(6, '0');
  return { number: `${entity}-CN-${year}-${serial}`, previousHash: previous?.snapshotHash ?? '0'.repeat(64) };
}

/** Writes how a proposal was decided; the database refuses a second time. */
export async function writeDecision(
  tx: Tx,
  id: string,
  decision: { readonly by: string; readonly at: Instant; readonly issue: CreditNoteIssue | null },
): Promise<void> {
  const { by, at, issue } = decision;
  const decided = { decidedBy: by, decidedAt: toDate(at) };
  const data = issue
    ? {
        ...issue,
        ...decided,
        state: 'issued',
        effectiveAt: toDate(issue.effectiveAt),
        snapshot: JSON.parse(JSON.stringify(issue.snapshot)),
      }
    : { ...decided, state: 'declined' };
  await tx.creditNote.updateMany({ where: { id }, data });
}

type NoteRow = {
  id: string;
  invoice_id: string;
  invoice_number: string;
  month: string;
  organisation_id: string;
  organisation_name: string;
  reason: string;
  reason_text: string;
  state: string;
  gross_fen: bigint;
  net_fen: bigint;
  tax_fen: bigint;
  proposed_by: string;
  proposed_by_name: string;
  proposed_at: Date;
  decided_by_name: string | null;
  decided_at: Date | null;
  number: string | null;
  effective_at: Date | null;
  credited_to: string | null;
  snapshot: unknown;
  snapshot_hash: string | null;
  previous_hash: string | null;
  lines: { line: number; gross: string; net: string; tax: string }[];
};

function issueOf(row: NoteRow): CreditNoteIssue | null {
  if (row.number === null || row.effective_at === null) return null;
  return {
    number: row.number,
    effectiveAt: fromDate(row.effective_at),
    creditedTo: row.credited_to === 'receivable' ? 'receivable' : 'wallet',
    snapshot: row.snapshot as CreditNoteSnapshot,
    snapshotHash: present(row.snapshot_hash, 'a hash'),
    previousHash: present(row.previous_hash, 'a hash'),
  };
}

function fromNoteRow(row: NoteRow): CreditNote {
  return {
    id: idFrom('creditNote', row.id),
    invoiceId: idFrom('invoice', row.invoice_id),
    invoiceNumber: row.invoice_number,
    month: row.month as Month,
    organisationId: idFrom('organisation', row.organisation_id),
    organisationName: row.organisation_name,
    reason: oneOf(CREDIT_REASONS, row.reason),
    reasonText: row.reason_text,
    state: oneOf(CREDIT_NOTE_STATES, row.state),
    grossFen: fen(row.gross_fen),
    netFen: fen(row.net_fen),
    taxFen: fen(row.tax_fen),
    proposedBy: row.proposed_by,
    proposedByName: row.proposed_by_name,
    proposedAt: fromDate(row.proposed_at),
    decidedByName: row.decided_by_name,
    decidedAt: row.decided_at === null ? null : fromDate(row.decided_at),
    lines: row.lines.map(({ line, gross, net, tax }) => ({
      line,
      grossFen: fen(BigInt(gross)),
      netFen: fen(BigInt(net)),
      taxFen: fen(BigInt(tax)),
    })),
    issue: issueOf(row),
  };
}

/** Which notes are read. `organisationId` null: anybody's. */
export type NoteFilter = {
  readonly organisationId: Id<'organisation'> | null;
  readonly id?: string;
  readonly invoiceId?: string;
  readonly isWaiting?: boolean;
};

function conditionOf({ organisationId, id, invoiceId, isWaiting }: NoteFilter): Prisma.Sql {
  const conditions = [
    Prisma.sql`true`,
    ...(organisationId === null ? [] : [Prisma.sql`n.organisation_id = ${organisationId} AND n.state = 'issued'`]),
    ...(id === undefined ? [] : [Prisma.sql`n.id = ${id}`]),
    ...(invoiceId === undefined ? [] : [Prisma.sql`n.invoice_id = ${invoiceId}`]),
    ...(isWaiting === undefined ? [] : [Prisma.sql`(n.state = 'proposed') = ${isWaiting}`]),
  ];
  return Prisma.join(conditions, ' AND ');
}

/** Notes that fit, what waits first and then the newest first; a customer sees its issued ones. */
export async function readNotes(
  tx: Tx,
  filter: NoteFilter,
  skip: number,
  take: number,
): Promise<{ rows: CreditNote[]; total: number }> {
  const condition = conditionOf(filter);
  const [counted] = await tx.$queryRaw<
    { total: number }[]
  >`SELECT count(*)::int AS total FROM credit_note n WHERE ${condition}`;
  const rows = await tx.$queryRaw<NoteRow[]>`
    SELECT n.*, i.number AS invoice_number, i.month, coalesce(n.snapshot->'buyer'->>'name', o.name) AS organisation_name,
      coalesce(p.name, n.proposed_by) AS proposed_by_name, coalesce(d.name, n.decided_by) AS decided_by_name,
      (SELECT json_agg(json_build_object('line', l.line, 'gross', l.gross_fen::text, 'net', l.net_fen::text, 'tax', l.tax_fen::text) ORDER BY l.line)
        FROM credit_note_line l WHERE l.credit_note_id = n.id) AS lines
    FROM credit_note n JOIN invoice i ON i.id = n.invoice_id JOIN organisation o ON o.id = n.organisation_id
      LEFT JOIN user_account p ON n.proposed_by = 'user:' || p.id LEFT JOIN user_account d ON n.decided_by = 'user:' || d.id
    WHERE ${condition} ORDER BY n.state = 'proposed' DESC, n.proposed_at DESC, n.number DESC NULLS LAST, n.id DESC OFFSET ${skip} LIMIT ${take}`;
  return { rows: rows.map(fromNoteRow), total: present(counted, 'a count').total };
}

/** One note; null when there is none of that id in sight. */
export async function findNote(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  id: string,
): Promise<CreditNote | null> {
  return (await readNotes(tx, { organisationId, id }, 0, 1)).rows[0] ?? null;
}
