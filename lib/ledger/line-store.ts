import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { present } from '#lib/core/assert.ts';
import type { Tx } from '#lib/platform/db.ts';
import { chart } from './chart.ts';
import {
  CREDIT_LINE_ACCOUNTS,
  CREDIT_LINE_STATES,
  type CreditLineAccount,
  type CreditLineChange,
} from './credit-line-types.ts';

/** Writes a proposal; false when one of the same organisation and account waits already. */
export async function insertProposal(tx: Tx, change: CreditLineChange): Promise<boolean> {
  const { id, organisationId, account, limitUnits, reason, proposedBy, proposedAt } = change;
  const written = await tx.$executeRaw`
    INSERT INTO credit_line_change (id, organisation_id, account_kind, limit_units, reason, state, proposed_by, proposed_at)
    VALUES (${id}, ${organisationId}, ${account}, ${limitUnits}, ${reason}, 'proposed', ${proposedBy}, ${toDate(proposedAt)}::timestamptz)
    ON CONFLICT DO NOTHING`;
  return written === 1;
}

const PATHS = { wallet: chart.wallet, receivable: chart.receivable } as const satisfies Record<
  CreditLineAccount,
  unknown
>;

export type DecisionOutcome = 'approved' | 'declined' | 'decided' | 'unknown' | 'samePerson' | 'inUse';

/** Lets the database decide a proposal: under the lock of the account whose lowest balance it is. */
export async function decideProposal(
  tx: Tx,
  change: Pick<CreditLineChange, 'id' | 'organisationId' | 'account'>,
  decision: { readonly isApproved: boolean; readonly by: string; readonly at: Instant },
): Promise<DecisionOutcome> {
  const { path } = PATHS[change.account](change.organisationId);
  const [row] = await tx.$queryRaw<{ outcome: DecisionOutcome }[]>`
    SELECT ledger_decide_line(${change.id}, ${path}, ${decision.isApproved}, ${decision.by}, ${toDate(decision.at)}::timestamptz) AS outcome`;
  return present(row, 'a decision').outcome;
}

/** The changes of an organisation's lines, newest first. */
export async function readChanges(tx: Tx, organisationId: Id<'organisation'>): Promise<CreditLineChange[]> {
  return readWhere(tx, { organisationId });
}

export async function findChange(tx: Tx, id: string): Promise<CreditLineChange | null> {
  return (await readWhere(tx, { id }))[0] ?? null;
}

/** The changes that nobody has decided, the oldest first. */
export async function readWaiting(tx: Tx): Promise<CreditLineChange[]> {
  return (await readWhere(tx, { state: 'proposed' })).reverse();
}

async function readWhere(
  tx: Tx,
  where: { organisationId: string } | { id: string } | { state: string },
): Promise<CreditLineChange[]> {
  const rows = await tx.creditLineChange.findMany({
    where,
    orderBy: [{ proposedAt: 'desc' }, { id: 'desc' }],
    select: {
      id: true,
      organisationId: true,
      accountKind: true,
      limitUnits: true,
      reason: true,
      state: true,
      proposedBy: true,
      proposedAt: true,
      decidedBy: true,
      decidedAt: true,
    },
  });
  return rows.map((row) => ({
    id: idFrom('creditLine', row.id),
    organisationId: idFrom('organisation', row.organisationId),
    account: present(
      CREDIT_LINE_ACCOUNTS.find((account) => account === row.accountKind),
      'the account of a line',
    ),
    limitUnits: units(row.limitUnits),
    reason: row.reason,
    state: present(
      CREDIT_LINE_STATES.find((state) => state === row.state),
      'the state of a line',
    ),
    proposedBy: row.proposedBy,
    proposedAt: fromDate(row.proposedAt),
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt === null ? null : fromDate(row.decidedAt),
  }));
}
