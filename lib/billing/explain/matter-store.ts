import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { idFrom } from '#lib/core/id.ts';
import { fen, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { JournalCause } from './types.ts';

// Credit notes, refunds and disputes behind a journal, each from its own rows. Row-level security keeps a customer to their own.

/** A line of a credit note with what earlier notes took of the same invoice line; null when it is not in sight. */
export async function findCreditLine(tx: Tx, noteId: string, line: number): Promise<JournalCause['creditLine']> {
  const [row] = await tx.$queryRaw<
    {
      id: string;
      number: string;
      line: number;
      gross: bigint;
      net: bigint;
      tax: bigint;
      gross_before: bigint;
      net_before: bigint;
      rate: number;
    }[]
  >`
    SELECT c.id, c.number, l.line, l.gross_fen AS gross, l.net_fen AS net, l.tax_fen AS tax, i.tax_rate_bps AS rate,
      coalesce(b.gross, 0)::bigint AS gross_before, coalesce(b.net, 0)::bigint AS net_before
    FROM credit_note c JOIN credit_note_line l ON l.credit_note_id = c.id
      JOIN invoice_line i ON i.invoice_id = l.invoice_id AND i.line = l.line
      LEFT JOIN LATERAL (
        SELECT sum(p.gross_fen) AS gross, sum(p.net_fen) AS net FROM credit_note_line p JOIN credit_note n ON n.id = p.credit_note_id
        WHERE p.invoice_id = l.invoice_id AND p.line = l.line AND n.state = 'issued' AND n.decided_at <= c.decided_at AND n.number < c.number) b ON true
    WHERE c.id = ${noteId} AND c.state = 'issued' AND l.line = ${line}`;
  return row
    ? {
        id: idFrom('creditNote', row.id),
        number: row.number,
        line: row.line,
        grossFen: fen(row.gross),
        netFen: fen(row.net),
        taxFen: fen(row.tax),
        before: { grossFen: fen(row.gross_before), netFen: fen(row.net_before) },
        taxRateBps: row.rate,
      }
    : null;
}

/** Sums of the journals of a matter on accounts of some kind, by the kind of journal. */
async function movedBy(tx: Tx, keys: readonly string[], accountKind: string): Promise<Map<string, bigint>> {
  const rows = await tx.$queryRaw<{ kind: string; moved: bigint }[]>`
    SELECT j.kind, sum(p.credit_units - p.debit_units)::bigint AS moved
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
    WHERE j.key = ANY(${keys}::text[]) AND a.kind = ${accountKind} GROUP BY j.kind`;
  return new Map(rows.map(({ kind, moved }) => [kind, moved]));
}

const REFUND_STATES = ['asked', 'approved', 'paid', 'failed', 'declined', 'withdrawn'] as const;

/** A refund as it was asked for, and what its journals moved; null when it is not in sight. */
export async function findRefund(tx: Tx, id: string): Promise<JournalCause['refund']> {
  const row = await tx.refundRequest.findFirst({
    where: { id },
    select: { id: true, amountFen: true, state: true, route: true },
  });
  if (!row) return null;
  const keys = ['refund', 'refund-paid', 'refund-failed'].map((step) => `${step}:${id}`);
  const moved = await movedBy(tx, keys, 'refundInFlight');
  return {
    id: idFrom('refund', row.id),
    route: row.route,
    state: oneOf(REFUND_STATES, row.state),
    amountFen: fen(row.amountFen),
    askedUnits: units(moved.get('refundAsked') ?? 0n),
    paidUnits: units(-(moved.get('refundPaid') ?? 0n)),
    returnedUnits: units(-(moved.get('refundFailed') ?? 0n)),
  };
}

/** What a dispute took and gave back, by its journals; what the provider keeps is seen by staff alone. */
export async function findDispute(tx: Tx, id: string): Promise<JournalCause['dispute']> {
  const keys = ['', '-blocked', '-won', '-unblocked', '-lost'].map((step) => `dispute${step}:${id}`);
  const moved = await movedBy(tx, keys, 'disputed');
  const taken = moved.get('disputeBlocked');
  if (taken === undefined) return null;
  const held = await movedBy(tx, keys, 'disputeHeld');
  const opened = held.get('disputeOpened');
  const [left] = await tx.$queryRaw<{ units: bigint }[]>`
    SELECT coalesce(sum(p.credit_units - p.debit_units), 0)::bigint AS units
    FROM account a JOIN posting p ON p.account_id = a.id WHERE a.path = ${`disputed:${id}`}`;
  return {
    id: idFrom('dispute', id),
    keptUnits: opened === undefined ? null : units(-opened),
    takenUnits: units(taken),
    givenBackUnits: units(-(moved.get('disputeUnblocked') ?? 0n)),
    lostUnits: units(-(moved.get('disputeLost') ?? 0n)),
    leftUnits: units(left?.units ?? 0n),
  };
}
