import { createHash } from 'node:crypto';
import { canonicalJson } from '#lib/core/canonical.ts';
import type { CreditNoteSnapshot } from './credit-notes/types.ts';
import type { InvoiceSnapshot } from './types.ts';

/** SHA-256 of the previous document's hash and this snapshot: the chain that makes issued documents provable. */
export function hashSnapshot(previousHash: string, snapshot: InvoiceSnapshot | CreditNoteSnapshot): string {
  return createHash('sha256')
    .update(`${previousHash}\n${canonicalJson(snapshot)}`)
    .digest('hex');
}
