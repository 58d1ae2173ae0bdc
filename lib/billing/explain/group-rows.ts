import 'server-only';
import { fromDate, toIso } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { Prisma } from '#lib/platform/db.ts';
import type { UsageTotals } from '../types.ts';
import type { ChargeGroup } from './types.ts';

/** A group of charges as a statement answers it. */
export type GroupRow = {
  key: string | Date;
  revision: number;
  name: string | null;
  charges: number;
  broken: number;
  used: bigint;
  unused: bigint;
  down: bigint;
  amount: bigint;
};

export const NO_SUMS = { used: 0n, unused: 0n, down: 0n, amount: 0n } as const;

export const totalsOf = ({
  used,
  unused,
  down,
  amount,
}: Pick<GroupRow, 'used' | 'unused' | 'down' | 'amount'>): UsageTotals => ({
  usedSeconds: used,
  unusedSeconds: unused,
  downSeconds: down,
  amountUnits: units(amount),
});

export const SUMS = Prisma.sql`count(*)::int AS charges, coalesce(sum(u.used_seconds), 0)::bigint AS used,
  coalesce(sum(u.unused_seconds), 0)::bigint AS unused, coalesce(sum(u.down_seconds), 0)::bigint AS down,
  coalesce(sum(u.amount_units), 0)::bigint AS amount`;

/** Where a card is, without region and site, which every place of a pool has. */
export const CARD_NAME = Prisma.sql`regexp_replace(l.path, '^[^/]*/[^/]*/', '') || ' · ' || c.slot`;

export const fromGroupRow = (row: GroupRow): ChargeGroup => ({
  ...totalsOf(row),
  key: row.key instanceof Date ? toIso(fromDate(row.key)) : row.key,
  name: row.name,
  revision: row.revision,
  charges: row.charges,
  broken: row.broken,
});
