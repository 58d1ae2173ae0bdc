import { parseFen } from '#lib/core/money.ts';
import type { StatementRow } from './statement.ts';
import type { BankLine, BankLineInput } from './types.ts';

/** New: would be booked. Known: is booked already. Conflict: its reference is booked with something else. */
export type Verdict = 'new' | 'recorded' | 'known' | 'conflict' | 'skipped' | 'broken';

export type JudgedRow = StatementRow & {
  readonly verdict: Verdict;
  /** The line that it is, when it is booked. */
  readonly lineId: string | null;
};

type Booked = Pick<BankLine, 'bankReference' | 'amountFen' | 'receivedAt' | 'payerName'> & {
  readonly id: string | null;
};

const isSame = (a: Booked, b: BankLineInput): boolean =>
  a.amountFen === parseFen(b.amountYuan) && a.receivedAt === b.receivedAt && a.payerName === b.payerName;

/** Judges every row by what is booked and by the rows before it. */
export function judgeRows(rows: readonly StatementRow[], known: readonly BankLine[]): JudgedRow[] {
  const booked = new Map<string, Booked>(known.map((line) => [line.bankReference, line]));
  return rows.map((row): JudgedRow => {
    if (!row.read.isRead)
      return { ...row, verdict: row.read.problem === 'notIncoming' ? 'skipped' : 'broken', lineId: null };
    const { input } = row.read;
    const before = booked.get(input.bankReference);
    if (before) return { ...row, verdict: isSame(before, input) ? 'known' : 'conflict', lineId: before.id };
    const amountFen = parseFen(input.amountYuan);
    if (amountFen !== null)
      booked.set(input.bankReference, {
        id: null,
        bankReference: input.bankReference,
        amountFen,
        receivedAt: input.receivedAt as BankLine['receivedAt'],
        payerName: input.payerName,
      });
    return { ...row, verdict: 'new', lineId: null };
  });
}
