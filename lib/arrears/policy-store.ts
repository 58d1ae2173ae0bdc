import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { type ArrearsPolicy, POLICY_STATES } from './types.ts';

const SELECTED = {
  id: true,
  organisationId: true,
  firstWarningHours: true,
  lastWarningHours: true,
  graceSeconds: true,
  retentionDays: true,
  reason: true,
  state: true,
  proposedBy: true,
  proposedAt: true,
  decidedBy: true,
  decidedAt: true,
} as const;

/** Lets the policy of one organisation, or the operator's, be changed by one transaction at a time. */
export async function lockPolicy(tx: Tx, organisationId: string | null): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('arrears-policy:' || ${organisationId ?? ''}, 0))`;
}

/** Policies that are proposed, or of one id. */
export async function readPolicies(
  tx: Tx,
  where: { readonly id: string } | { readonly state: 'proposed' },
): Promise<ArrearsPolicy[]> {
  const rows = await tx.arrearsPolicy.findMany({
    where,
    orderBy: [{ proposedAt: 'asc' }, { id: 'asc' }],
    select: SELECTED,
  });
  return rows.map((row) => ({
    ...row,
    id: idFrom('arrearsPolicy', row.id),
    organisationId: row.organisationId === null ? null : idFrom('organisation', row.organisationId),
    state: present(
      POLICY_STATES.find((state) => state === row.state),
      `state ${row.state}`,
    ),
    proposedAt: fromDate(row.proposedAt),
    decidedAt: row.decidedAt === null ? null : fromDate(row.decidedAt),
  }));
}

/** True when a change of the same policy waits already. */
export async function hasProposal(tx: Tx, organisationId: string | null): Promise<boolean> {
  return (await tx.arrearsPolicy.count({ where: { organisationId, state: 'proposed' } })) > 0;
}

export async function insertPolicy(tx: Tx, policy: ArrearsPolicy): Promise<void> {
  const { proposedAt, decidedAt, ...same } = policy;
  await tx.arrearsPolicy.create({
    data: { ...same, proposedAt: toDate(proposedAt), decidedAt: decidedAt === null ? null : toDate(decidedAt) },
    select: { id: true },
  });
}

/** Replaces what was in force for an organisation, or for the operator. */
export async function replaceInForce(tx: Tx, organisationId: Id<'organisation'> | null): Promise<void> {
  await tx.arrearsPolicy.updateMany({ where: { organisationId, state: 'approved' }, data: { state: 'replaced' } });
}

export async function writeDecision(
  tx: Tx,
  id: string,
  decision: { readonly state: 'approved' | 'declined'; readonly by: string; readonly at: Instant },
): Promise<void> {
  const { state, by, at } = decision;
  await tx.arrearsPolicy.updateMany({ where: { id }, data: { state, decidedBy: by, decidedAt: toDate(at) } });
}
