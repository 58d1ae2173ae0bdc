import { createHash } from 'node:crypto';
import type { FileSeal } from './export-kinds.ts';
import type { Totals } from './export-writers.ts';

/**
 * Passes a file on while counting and hashing it. The last part is handed out only when `check` has agreed to the seal of
 * the whole: a reader never holds a complete file that is not the one that was sealed.
 */
export async function* sealedParts(
  parts: AsyncGenerator<string | Uint8Array, Totals>,
  check: (seal: FileSeal) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  let last: Uint8Array | null = null;
  try {
    for (let next = await parts.next(); ; next = await parts.next()) {
      if (next.done) {
        await check({ ...next.value, bytes, sha256: hash.digest('hex') });
        if (last !== null) yield last;
        return;
      }
      if (next.value.length === 0) continue;
      if (last !== null) yield last;
      last = typeof next.value === 'string' ? Buffer.from(next.value, 'utf8') : next.value;
      hash.update(last);
      bytes += last.length;
    }
  } finally {
    await parts.return({ rows: 0, totals: {} });
  }
}
