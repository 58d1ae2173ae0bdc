/** A gap between two proofs that is bridged: a lost heartbeat, a restarted engine. Longer gaps are not charged. */
export const BRIDGED_GAP_SECONDS = 90;
