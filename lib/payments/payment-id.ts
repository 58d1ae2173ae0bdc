import { createHash } from 'node:crypto';
import { type Id, ID_PREFIXES, idFrom, toBase32 } from '#lib/core/id.ts';

/**
 * The id of the payment that a submission makes, from its organisation and idempotency key: the same submission again
 * is the same payment, and the database refuses a second one.
 */
export function paymentIdOf(organisationId: Id<'organisation'>, idempotencyKey: string): Id<'payment'> {
  const digest = createHash('sha256').update(`${organisationId}\n${idempotencyKey}`).digest();
  return idFrom('payment', `${ID_PREFIXES.payment}_${toBase32(digest.subarray(0, 16))}`);
}
