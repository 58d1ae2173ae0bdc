import { createHash } from 'node:crypto';
import { type Id, ID_PREFIXES, idFrom, toBase32 } from '#lib/core/id.ts';

/**
 * The id of the fapiao that a submission asks for, from its organisation and idempotency key: the same submission again
 * is the same fapiao.
 */
export function fapiaoIdOf(organisationId: Id<'organisation'>, idempotencyKey: string): Id<'fapiao'> {
  const digest = createHash('sha256').update(`fapiao\n${organisationId}\n${idempotencyKey}`).digest();
  return idFrom('fapiao', `${ID_PREFIXES.fapiao}_${toBase32(digest.subarray(0, 16))}`);
}
