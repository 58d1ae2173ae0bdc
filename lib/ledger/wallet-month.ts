import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import { chart } from './chart.ts';
import { STATEMENT_KINDS, type StatementKind } from './types.ts';

// The door for other modules to a wallet's month, within their own transaction.

/** All moves of one kind on one day in Beijing. */
export type WalletDay = {
  readonly date: string;
  readonly kind: StatementKind | 'other';
  readonly moves: number;
  readonly amountUnits: Units;
};

/** Opening plus days is closing. A move belongs to the day on which it is effective. */
export type WalletMonth = {
  readonly openingUnits: Units;
  readonly closingUnits: Units;
  readonly days: readonly WalletDay[];
};

/** A wallet's month by day and kind: at most 31 times the kinds there are, however much moved. */
export async function readWalletMonth(tx: Tx, organisationId: Id<'organisation'>, month: Month): Promise<WalletMonth> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<{ date: string | null; kind: string; moves: number; amount: bigint }[]>`
    SELECT CASE WHEN j.effective_at >= ${toDate(startAt)}::timestamptz
        THEN to_char(j.effective_at AT TIME ZONE 'UTC' + interval '8 hours', 'YYYY-MM-DD') END AS date,
      CASE WHEN j.effective_at >= ${toDate(startAt)}::timestamptz THEN j.kind ELSE 'before' END AS kind,
      count(DISTINCT j.id)::int AS moves, sum(p.credit_units - p.debit_units)::bigint AS amount
    FROM posting p JOIN journal j ON j.id = p.journal_id
    WHERE p.account_id = (SELECT id FROM account WHERE path = ${chart.wallet(organisationId).path})
      AND j.effective_at < ${toDate(endAt)}::timestamptz
    GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2`;
  const openingUnits = rows.find(({ date }) => date === null)?.amount ?? 0n;
  const days = rows.flatMap(({ date, kind, moves, amount }): WalletDay[] =>
    date === null ? [] : [{ date, kind: kindOf(kind), moves, amountUnits: units(amount) }],
  );
  const moved = days.reduce((sum, { amountUnits }) => sum + amountUnits, 0n);
  return { openingUnits: units(openingUnits), closingUnits: units(openingUnits + moved), days };
}

const kindOf = (text: string): StatementKind | 'other' => STATEMENT_KINDS.find((kind) => kind === text) ?? 'other';
