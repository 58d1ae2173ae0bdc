import { GRACE_SECONDS_ALONE_MAX, type ArrearsTerms } from './types.ts';

/** True when terms make sense: warnings in their order, within what the database holds too. */
export function isInRange({ firstWarningHours, lastWarningHours, graceSeconds, retentionDays }: ArrearsTerms): boolean {
  return (
    [firstWarningHours, lastWarningHours, graceSeconds, retentionDays].every(Number.isSafeInteger) &&
    lastWarningHours >= 1 &&
    firstWarningHours > lastWarningHours &&
    firstWarningHours <= 168 &&
    graceSeconds >= 0 &&
    graceSeconds <= 72 * 3_600 &&
    graceSeconds % 3_600 === 0 &&
    retentionDays >= 1 &&
    retentionDays <= 90
  );
}

/** True when one person is enough: an organisation gets more grace, up to the limit, and nothing else changes for it. */
export function isForOnePerson(next: ArrearsTerms, inForce: ArrearsTerms): boolean {
  return (
    next.graceSeconds > inForce.graceSeconds &&
    next.graceSeconds <= GRACE_SECONDS_ALONE_MAX &&
    next.firstWarningHours === inForce.firstWarningHours &&
    next.lastWarningHours === inForce.lastWarningHours &&
    next.retentionDays === inForce.retentionDays
  );
}
