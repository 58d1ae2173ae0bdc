import { createHash } from 'node:crypto';
import { canonicalJson } from '#lib/core/canonical.ts';
import type { Journal } from './types.ts';

/** SHA-256 of what a journal says: kind, time and legs. A key that comes again must say the same. */
export function contentHash(journal: Journal): string {
  const legs = journal.legs.map((leg) => [leg.account.path, leg.debitUnits, leg.creditUnits]);
  const content = canonicalJson({ kind: journal.kind, effectiveAt: journal.effectiveAt, legs });
  return createHash('sha256').update(content).digest('hex');
}
