import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Tx } from '#lib/platform/db.ts';
import { restoreVouchers } from '#lib/reservations/funds.ts';
import { readVouchers } from '#lib/vouchers/spending.ts';
import type { Mind } from './mind.ts';

/** Reads what organisations could pay with besides their wallets, which the caller has locked. */
export async function loadVouchers(
  tx: Tx,
  mind: Mind,
  organisationIds: readonly string[],
  at: Ctx['now'],
): Promise<void> {
  restoreVouchers(mind.book.vouchers, organisationIds, await readVouchers(tx, organisationIds, at));
}
