import 'server-only';
import { TERMS } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { REFUND_POLICY_STATES, type RefundPolicy } from './refund-policy-types.ts';

const SELECTED = {
  id: true,
  terms: true,
  windowDays: true,
  reason: true,
  state: true,
  proposedBy: true,
  proposedAt: true,
  decidedBy: true,
  decidedAt: true,
} as const;

/** Lets the rule be changed by one transaction at a time. */
export async function lockRefundPolicy(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('term-refund-policy', 0))`;
}

/** Versions of the rule in a state, or of one id; the newest first. */
export async function readRefundPolicies(
  tx: Tx,
  where: { readonly id: string } | { readonly state: 'proposed' | 'approved' },
): Promise<RefundPolicy[]> {
  const rows = await tx.termRefundPolicy.findMany({
    where,
    orderBy: [{ decidedAt: 'desc' }, { proposedAt: 'desc' }],
    select: SELECTED,
  });
  return rows.map(({ id, ...row }) => ({
    ...row,
    policyId: idFrom('termRefundPolicy', id),
    terms: TERMS.filter((term) => row.terms.includes(term)),
    state: present(
      REFUND_POLICY_STATES.find((state) => state === row.state),
      `state ${row.state}`,
    ),
    proposedAt: fromDate(row.proposedAt),
    decidedAt: row.decidedAt === null ? null : fromDate(row.decidedAt),
  }));
}

export async function insertRefundPolicy(tx: Tx, policy: RefundPolicy): Promise<void> {
  const { policyId: id, terms, proposedAt, decidedAt, ...same } = policy;
  const at = decidedAt === null ? null : toDate(decidedAt);
  const data = { ...same, id, terms: [...terms], proposedAt: toDate(proposedAt), decidedAt: at };
  await tx.termRefundPolicy.create({ data, select: { id: true } });
}

export async function writeRefundDecision(
  tx: Tx,
  id: string,
  { state, by, at }: { readonly state: 'approved' | 'declined'; readonly by: string; readonly at: Instant },
): Promise<void> {
  await tx.termRefundPolicy.updateMany({ where: { id }, data: { state, decidedBy: by, decidedAt: toDate(at) } });
}
