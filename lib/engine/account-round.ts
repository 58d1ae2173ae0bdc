import 'server-only';
import { readOverdueSince } from '#lib/billing/receivables/overdue.ts';
import type { Instant } from '#lib/core/instant.ts';
import { lockLines } from '#lib/ledger/on-account.ts';
import type { Tx } from '#lib/platform/db.ts';
import { type AccountCredit, restoreLines } from '#lib/reservations/on-account.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import { linesAsked } from './lines-asked.ts';
import type { Mind } from './mind.ts';

/** Reads the credit lines that a round looks at, locked after the wallets, with what is late on them. */
export async function loadLines(tx: Tx, mind: Mind, commands: readonly Command[], now: Instant): Promise<void> {
  const organisations = linesAsked(mind, commands, now);
  const found = new Map<string, AccountCredit>();
  for (const [id, { limitUnits, freeUnits, owedUnits }] of await lockLines(tx, organisations)) {
    const overdueSinceAt = owedUnits > 0n ? await readOverdueSince(tx, id, now) : null;
    // A line of nothing is none: it was taken away, or never came into force.
    if (limitUnits > 0n) found.set(id, { limitUnits, freeUnits, overdueSinceAt });
  }
  restoreLines(mind.book.lines, found);
}
