import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { AccountKind, Asset, JournalKind } from './types.ts';
import type { AccountClass, AccountView, ChartLine } from './view-types.ts';

/** The net of an account's postings, for kinds that keep no balance. */
const DERIVED = Prisma.sql`LEFT JOIN LATERAL (
  SELECT sum(p.credit_units - p.debit_units) AS net FROM posting p WHERE NOT k.is_locked AND p.account_id = a.id) d ON true`;
const BALANCE = Prisma.sql`CASE WHEN k.is_locked THEN a.balance_units ELSE coalesce(d.net, 0)::bigint END`;

/** The chart with its balances, of some kinds or of all; one statement, so that it is of one moment. */
export async function readChart(tx: Tx, kinds: readonly AccountKind[]): Promise<ChartLine[]> {
  const rows = await tx.$queryRaw<
    { kind: string; class: string; asset: string; is_locked: boolean; accounts: number; balance: bigint }[]
  >`
    SELECT a.kind, k.class, a.asset, k.is_locked, count(*)::int AS accounts, sum(${BALANCE})::bigint AS balance
    FROM account a JOIN account_kind k ON k.kind = a.kind ${DERIVED}
    WHERE a.kind = ANY(${kinds}::text[]) GROUP BY 1, 2, 3, 4`;
  return rows.map(({ is_locked: isLocked, balance, ...row }) => ({
    kind: row.kind as AccountKind,
    class: row.class as AccountClass,
    asset: row.asset as Asset,
    isLocked,
    accounts: row.accounts,
    balanceUnits: balance,
  }));
}

type RawAccount = {
  id: bigint;
  path: string;
  kind: string;
  asset: string;
  organisation_id: string | null;
  organisation_name: string | null;
  is_locked: boolean;
  balance: bigint;
  minimum_units: bigint | null;
};

function fromRawAccount(row: RawAccount): AccountView {
  return {
    id: `${row.id}`,
    path: row.path,
    kind: row.kind as AccountKind,
    asset: row.asset as Asset,
    organisationId: organisationOf(row.organisation_id),
    organisationName: row.organisation_name,
    isLocked: row.is_locked,
    balanceUnits: row.balance,
    minimumUnits: row.minimum_units,
  };
}

export function organisationOf(id: string | null): Id<'organisation'> | null {
  return id === null ? null : idFrom('organisation', id);
}

/** Accounts that fit, newest first. */
export async function readAccounts(tx: Tx, where: Prisma.Sql, most: number): Promise<AccountView[]> {
  const rows = await tx.$queryRaw<RawAccount[]>`
    SELECT a.id, a.path, a.kind, a.asset, a.organisation_id, o.name AS organisation_name, k.is_locked, ${BALANCE} AS balance, a.minimum_units
    FROM account a JOIN account_kind k ON k.kind = a.kind LEFT JOIN organisation o ON o.id = a.organisation_id ${DERIVED}
    WHERE ${where} ORDER BY a.id DESC LIMIT ${most}`;
  return rows.map(fromRawAccount);
}

export type AccountFilter = {
  readonly kind: AccountKind;
  readonly asset: string | null;
  readonly isEmptyShown: boolean;
  readonly olderThan: bigint | null;
};

/** The accounts of a kind, newest first. */
export async function readAccountsOfKind(tx: Tx, filter: AccountFilter, most: number): Promise<AccountView[]> {
  const where = [
    Prisma.sql`a.kind = ${filter.kind}`,
    ...(filter.asset === null ? [] : [Prisma.sql`a.asset = ${filter.asset}`]),
    ...(filter.isEmptyShown ? [] : [Prisma.sql`${BALANCE} <> 0`]),
    ...(filter.olderThan === null ? [] : [Prisma.sql`a.id < ${filter.olderThan}`]),
  ];
  return readAccounts(tx, Prisma.join(where, ' AND '), most);
}

/** Accounts whose path is a text, or contains it. */
export async function readAccountsNamed(tx: Tx, text: string, most: number): Promise<AccountView[]> {
  return readAccounts(tx, Prisma.sql`strpos(a.path, ${text}) > 0`, most);
}

export async function readAccount(tx: Tx, id: bigint): Promise<AccountView | null> {
  const [found] = await readAccounts(tx, Prisma.sql`a.id = ${id}`, 1);
  return found ?? null;
}

export type PostingKey = { readonly journalId: bigint; readonly leg: number };

/** An account's legs before a key, newest first, and what the account held after the first of them. */
export async function readPostings(tx: Tx, accountId: bigint, olderThan: PostingKey | null, most: number) {
  const older = olderThan
    ? Prisma.sql`AND (p.journal_id, p.leg) < (${olderThan.journalId}::bigint, ${olderThan.leg}::int)`
    : Prisma.empty;
  const rows = await tx.$queryRaw<
    { journal_id: bigint; leg: number; key: string; kind: string; effective_at: Date; debit: bigint; credit: bigint }[]
  >`
    SELECT p.journal_id, p.leg, j.key, j.kind, j.effective_at, p.debit_units AS debit, p.credit_units AS credit
    FROM posting p JOIN journal j ON j.id = p.journal_id WHERE p.account_id = ${accountId} ${older}
    ORDER BY p.journal_id DESC, p.leg DESC LIMIT ${most}`;
  const [total] = await tx.$queryRaw<{ net: bigint }[]>`
    SELECT coalesce(sum(p.credit_units - p.debit_units), 0)::bigint AS net
    FROM posting p WHERE p.account_id = ${accountId} ${older}`;
  return {
    newestUnits: total?.net ?? 0n,
    rows: rows.map((row) => ({
      journalId: `${row.journal_id}`,
      leg: row.leg,
      key: row.key,
      kind: row.kind as JournalKind,
      effectiveAt: fromDate(row.effective_at),
      debitUnits: row.debit,
      creditUnits: row.credit,
    })),
  };
}
