import 'server-only';
import type { Tx } from '#lib/platform/db.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import { readRefundFacts } from '#lib/reservations/refund-rows.ts';
import { restoreRefunds } from '#lib/reservations/refund-terms.ts';
import type { Mind } from './mind.ts';
import { refundsAsked } from './refunds-asked.ts';

/** Reads what a round's refunds are decided from, behind the locks of the wallets: nobody else refunds meanwhile. */
export async function loadRefunds(tx: Tx, mind: Mind, commands: readonly Command[]): Promise<void> {
  restoreRefunds(mind.book.refunds, await readRefundFacts(tx, refundsAsked(commands)));
}
