import { DAY_MS, type Instant, plusMs, plusSeconds } from '#lib/core/instant.ts';
import type { Id } from '#lib/core/id.ts';
import { PROBATION_SECONDS } from './debounce.ts';

/** What several verdicts of a device have in common: as long as one of them holds, it is the same trouble. */
export const FAULT_CAUSES = [
  'memory',
  'correctable_ecc',
  'lost',
  'blocked',
  'reboot',
  'link',
  'fabric',
  'throttle',
  'driver',
  'unread',
  'unheard',
] as const;
export type FaultCause = (typeof FAULT_CAUSES)[number];

export type Severity = 'warning' | 'fatal';

/** What a device shows of a trouble at an instant. */
export type Sighting = {
  readonly cause: FaultCause;
  /** What names no trouble but only what its driver wishes is another face of such a one, if it is open on the card. */
  readonly joins: readonly FaultCause[];
  /** One trouble of the server shows on all its cards: their cases are one incident. */
  readonly isServerWide: boolean;
  readonly kind: string;
  readonly xid: number | null;
  readonly severity: Severity;
  /** What heals it, in the words of the device layer. */
  readonly action: string;
  /** True when the device told it; false when it was merely read again, as after a restart. */
  readonly isNews: boolean;
};

/** One verdict on a card, for its fault cases: what it shows, and which of the other cases it proves over. */
export type CaseReport = {
  readonly cardId: Id<'card'>;
  readonly serverId: Id<'server'>;
  readonly at: Instant;
  readonly seen: Sighting | null;
  readonly proves: 'nothing' | 'fatalOver' | 'allOver';
};

export type CaseState = Omit<Sighting, 'cause' | 'joins' | 'isServerWide' | 'isNews'> & {
  readonly count: number;
  readonly reopened: number;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  /** Since when the device shows nothing of it; null while it does, also when a person accepted that. */
  readonly wellSince: Instant | null;
  readonly resolvedAt: Instant | null;
  /** A person resolved it, with a reason; the device had perhaps not. */
  readonly isAccepted: boolean;
};

/** A trouble that comes back this soon is the same case. As long as a second memory error counts as repeated. Assumption. */
const REOPEN_WITHIN_MS = DAY_MS;

/** When a case resolves by itself: its trouble has been away for as long as a card is on probation. */
export function resolvesAt({ wellSince }: Pick<CaseState, 'wellSince'>): Instant | null {
  return wellSince === null ? null : plusSeconds(wellSince, PROBATION_SECONDS);
}

/** The case with what has resolved by itself until `at`. */
export function settled(state: CaseState, at: Instant): CaseState {
  const due = resolvesAt(state);
  return state.resolvedAt === null && due !== null && due <= at ? { ...state, resolvedAt: due } : state;
}

/** What a sighting made of a case: a new one, the old one again, another face of it, one more of the same, or nothing. */
export type CaseStep = 'opened' | 'reopened' | 'changed' | 'counted' | 'ignored';

/**
 * What a sighting makes of the newest case of the same card and cause. A resolved case that is seen again within a day
 * goes on; later it is another trouble. What a person accepted stays resolved while its device only repeats it.
 */
export function sight(
  known: CaseState | null,
  sighting: Sighting,
  at: Instant,
): { readonly step: CaseStep; readonly state: CaseState } {
  const { kind, xid, severity, action, isNews } = sighting;
  const before = known && settled(known, at);
  const seen = { kind, severity, action, lastSeenAt: at, wellSince: null };
  if (before?.resolvedAt === null) {
    const step = before.kind === kind ? 'counted' : 'changed';
    const count = before.count + (isNews || step === 'changed' || before.wellSince !== null ? 1 : 0);
    return { step, state: { ...before, ...seen, xid: xid ?? before.xid, count } };
  }
  if (before && stillAccepts(before, sighting)) return { step: 'ignored', state: before };
  if (before && before.resolvedAt !== null && at <= plusMs(before.resolvedAt, REOPEN_WITHIN_MS)) {
    const again = { count: before.count + 1, reopened: before.reopened + 1, resolvedAt: null, isAccepted: false };
    return { step: 'reopened', state: { ...before, ...seen, ...again, xid: xid ?? before.xid } };
  }
  const fresh = { xid, count: 1, reopened: 0, firstSeenAt: at, resolvedAt: null, isAccepted: false };
  return { step: 'opened', state: { ...seen, ...fresh } };
}

/** What a person accepted is accepted as it was: no more than a warning, nothing new told of it, and never gone since. */
function stillAccepts({ isAccepted, wellSince, kind }: CaseState, sighting: Sighting): boolean {
  return (
    isAccepted && wellSince === null && kind === sighting.kind && !sighting.isNews && sighting.severity === 'warning'
  );
}

/** The case after a verdict that shows another trouble, or none: proven over, or not spoken of. */
export function unseen(state: CaseState, proves: CaseReport['proves'], at: Instant): CaseState {
  const isOver = proves === 'allOver' || (proves === 'fatalOver' && state.severity === 'fatal');
  const isOf = state.resolvedAt === null || state.isAccepted;
  return isOver && isOf && state.wellSince === null ? { ...state, wellSince: at } : state;
}
