import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { floorToSecond, type Instant, later } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { continueEvidence, evidenceStart } from '#lib/metering/evidence.ts';
import type { LateReport, NewEvidence } from '#lib/metering/evidence-log.ts';

/** A running allocation whose card the device plugin has granted. */
export type Held = {
  readonly allocationId: string;
  readonly reservationId: Id<'reservation'>;
  readonly organisationId: string;
  readonly cardId: string;
  readonly uuid: string;
  readonly startAt: Instant;
  readonly grantedAt: Instant;
};

type Tracked = Held & {
  /** Null: no evidence is open. */
  readonly openSince: Instant | null;
  /** Where the last evidence ended; the next begins at or after it. */
  readonly closedAt: Instant | null;
  /** Up to when the watch last proved the card, in this process. */
  readonly provenUntil: Instant | null;
};

/** What must be written so that the log of evidence says what the watch proves. */
export type EvidenceOps = {
  readonly open: NewEvidence[];
  readonly close: { readonly allocationId: string; readonly endAt: Instant }[];
  /** What was proven and turns out not to be: the bad news is older than the last proof. */
  readonly late: LateReport[];
};

/** From when to when a card is proven up without a break; null when it is not. */
export type ProofOf = (uuid: string) => ClosedInterval | null;

/** Up to when an allocation is given, as far as is decided; null: without an end. */
export type EndOf = (held: Held) => Instant | null;

const isBefore = (at: Instant, end: Instant | null): boolean => end === null || at < end;

/**
 * Keeps, for every granted allocation of a pool, whether its evidence is open. Pure bookkeeping: the caller writes what
 * it answers, and takes a copy back when the write fails.
 */
export class EvidenceKeeper {
  #tracked: Map<string, Tracked>;

  constructor(tracked: Map<string, Tracked> = new Map()) {
    this.#tracked = tracked;
  }

  /** A copy to go back to. */
  copy(): EvidenceKeeper {
    return new EvidenceKeeper(new Map(this.#tracked));
  }

  has(allocationId: string): boolean {
    return this.#tracked.has(allocationId);
  }

  /** The cards that are held now. */
  *held(): Generator<Held> {
    yield* this.#tracked.values();
  }

  /** Begins to follow a granted allocation; `provenUntil` is the pool's mark when its evidence was open at a restart. */
  hold(held: Held, openAtMark: Instant | null): void {
    this.#tracked.set(held.allocationId, { ...held, openSince: openAtMark, closedAt: null, provenUntil: openAtMark });
  }

  /**
   * Follows what the watch proves: opens evidence where proof began, closes it where proof ended. `lostAt` has the
   * instants of bad news of this round: proof reaches up to them. What is proven of a card after its allocation's end, when
   * nobody decided on time that it is over, is evidence of nothing.
   */
  follow(proofOf: ProofOf, lostAt: ReadonlyMap<string, Instant>, endOf: EndOf): EvidenceOps {
    const ops: EvidenceOps = { open: [], close: [], late: [] };
    for (const tracked of this.#tracked.values()) {
      const proof = proofOf(tracked.uuid);
      if (proof === null) this.#lose(tracked, lostAt.get(tracked.uuid) ?? null, ops);
      else this.#prove(tracked, proof, endOf, ops);
    }
    return ops;
  }

  /** Ends following allocations that gave their cards back; their evidence closes at that instant or at its last proof. */
  release(ends: readonly { readonly allocationId: string; readonly endAt: Instant }[]): EvidenceOps['close'] {
    return ends.flatMap(({ allocationId, endAt }) => {
      const tracked = this.#tracked.get(allocationId);
      this.#tracked.delete(allocationId);
      return tracked?.openSince ? [{ allocationId, endAt }] : [];
    });
  }

  #lose(tracked: Tracked, lostAt: Instant | null, ops: EvidenceOps): void {
    if (tracked.openSince === null) return;
    const provenUntil = present(tracked.provenUntil, 'proof of open evidence');
    const endAt = floorToSecond(later(provenUntil, lostAt ?? provenUntil));
    const { allocationId, organisationId, startAt } = tracked;
    ops.close.push({ allocationId, endAt });
    const lateFrom = later(startAt, floorToSecond(lostAt ?? endAt));
    if (lateFrom < endAt) ops.late.push({ allocationId, organisationId, startAt: lateFrom, endAt, isProven: false });
    this.#tracked.set(allocationId, { ...tracked, openSince: null, closedAt: endAt });
  }

  #prove(tracked: Tracked, proof: ClosedInterval, endOf: EndOf, ops: EvidenceOps): void {
    if (tracked.openSince === null) {
      const from = evidenceStart(tracked.startAt, later(tracked.grantedAt, proof.startAt));
      const startAt = later(from, tracked.closedAt ?? from);
      if (isBefore(startAt, endOf(tracked))) this.#open(tracked, startAt, proof.endAt, ops);
      return;
    }
    const next = continueEvidence(present(tracked.provenUntil, 'proof of open evidence'), proof.startAt);
    if (next.kind === 'goOn') {
      this.#tracked.set(tracked.allocationId, { ...tracked, provenUntil: proof.endAt });
      return;
    }
    ops.close.push({ allocationId: tracked.allocationId, endAt: next.endAt });
    const startAt = later(next.resumeAt, next.endAt);
    if (isBefore(startAt, endOf(tracked))) this.#open(tracked, startAt, proof.endAt, ops);
    else this.#tracked.set(tracked.allocationId, { ...tracked, openSince: null, closedAt: next.endAt });
  }

  #open(tracked: Tracked, startAt: Instant, provenUntil: Instant, ops: EvidenceOps): void {
    const { allocationId, organisationId, cardId } = tracked;
    ops.open.push({ allocationId, organisationId, cardId, startAt });
    this.#tracked.set(allocationId, { ...tracked, openSince: startAt, closedAt: null, provenUntil });
  }
}
