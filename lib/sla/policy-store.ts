import 'server-only';
import { z } from 'zod';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { parseMonth } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import { POLICY_STATES, type SlaPolicy } from './types.ts';

const tiersOf = z.array(z.object({ belowPpm: z.number().int(), creditBps: z.number().int() }));

const SELECTED = {
  id: true,
  skuId: true,
  validFrom: true,
  tiers: true,
  reason: true,
  state: true,
  proposedBy: true,
  proposedAt: true,
  decidedBy: true,
  decidedAt: true,
} as const;

/** Lets the table of one SKU, or the operator's, be changed by one transaction at a time. */
export async function lockPolicy(tx: Tx, skuId: string | null): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('sla-policy:' || ${skuId ?? ''}, 0))`;
}

/** Tables in a state, or of one id; the newest month first. */
export async function readPolicies(
  tx: Tx,
  where: { readonly id: string } | { readonly state: 'proposed' | 'approved' },
): Promise<SlaPolicy[]> {
  const rows = await tx.slaPolicy.findMany({
    where,
    orderBy: [{ validFrom: 'desc' }, { id: 'asc' }],
    select: SELECTED,
  });
  return rows.map((row) => ({
    ...row,
    id: idFrom('slaPolicy', row.id),
    skuId: row.skuId === null ? null : idFrom('sku', row.skuId),
    validFrom: present(parseMonth(row.validFrom), 'a month'),
    tiers: tiersOf.parse(row.tiers),
    state: present(
      POLICY_STATES.find((state) => state === row.state),
      `state ${row.state}`,
    ),
    proposedAt: fromDate(row.proposedAt),
    decidedAt: row.decidedAt === null ? null : fromDate(row.decidedAt),
  }));
}

/** True when a change of the same table waits already. */
export async function hasProposal(tx: Tx, skuId: string | null): Promise<boolean> {
  return (await tx.slaPolicy.count({ where: { skuId, state: 'proposed' } })) > 0;
}

export async function insertPolicy(tx: Tx, policy: SlaPolicy): Promise<void> {
  const { tiers, proposedAt, decidedAt, ...same } = policy;
  await tx.slaPolicy.create({
    data: {
      ...same,
      tiers: tiers.map(({ belowPpm, creditBps }) => ({ belowPpm, creditBps })),
      proposedAt: toDate(proposedAt),
      decidedAt: decidedAt === null ? null : toDate(decidedAt),
    },
    select: { id: true },
  });
}

/** Decides a proposal; one that is approved stands in for what was approved for the same month before. */
export async function writeDecision(
  tx: Tx,
  { id, skuId, validFrom }: SlaPolicy,
  decision: { readonly state: 'approved' | 'declined'; readonly by: string; readonly at: Instant },
): Promise<void> {
  const { state, by, at } = decision;
  if (state === 'approved')
    await tx.slaPolicy.updateMany({ where: { skuId, validFrom, state: 'approved' }, data: { state: 'replaced' } });
  await tx.slaPolicy.updateMany({ where: { id }, data: { state, decidedBy: by, decidedAt: toDate(at) } });
}
