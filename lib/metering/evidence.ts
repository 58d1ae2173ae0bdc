import { floorToSecond, type Instant, later, plusSeconds } from '#lib/core/instant.ts';
import { BRIDGED_GAP_SECONDS } from './types.ts';

/** What becomes of the open evidence of a card when its proof begins anew, after a restart or a lost stream. */
export type Continuation =
  /** The gap is short enough: the open interval goes on. */
  | { readonly kind: 'goOn' }
  /** The open interval ends at its last proof; a new one begins where proof begins again. */
  | { readonly kind: 'breakAt'; readonly endAt: Instant; readonly resumeAt: Instant };

/**
 * Joins evidence over an interruption. `provenUntil` is the last proof before it, `provenSince` the first after it.
 * No proof, no charge: only a gap of at most {@link BRIDGED_GAP_SECONDS} is taken as continuous.
 */
export function continueEvidence(provenUntil: Instant, provenSince: Instant): Continuation {
  if (provenSince <= plusSeconds(provenUntil, BRIDGED_GAP_SECONDS)) return { kind: 'goOn' };
  return { kind: 'breakAt', endAt: floorToSecond(provenUntil), resumeAt: floorToSecond(provenSince) };
}

/** Where evidence of a newly granted card begins: on the second of the grant, not before the allocation. */
export function evidenceStart(allocationStartAt: Instant, grantedAt: Instant): Instant {
  return later(allocationStartAt, floorToSecond(grantedAt));
}
