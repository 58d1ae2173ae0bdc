import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import type { Prisma, Tx } from './db.ts';

/**
 * A proof by one query that lists what breaks the claim, a row each, with a column `what` that names it. The rows are
 * counted in the database; one is brought back as an example.
 */
export function proofByQuery(name: string, claim: string, query: Prisma.Sql): Proof<Tx> {
  return {
    name,
    claim,
    run: async (tx) => {
      const [row] = await tx.$queryRaw<{ violations: number; example: string | null }[]>`
        SELECT count(*)::int AS violations, min(what) AS example FROM (${query}) AS broken`;
      return { violations: row?.violations ?? 0, example: row?.example ?? null };
    },
  };
}

/** As {@link proofByQuery} for quantities: the query gives a row per broken thing with its `amount`, which are summed. */
export function proofBySum(name: string, claim: string, query: Prisma.Sql): Proof<Tx> {
  return {
    name,
    claim,
    run: async (tx) => {
      const [row] = await tx.$queryRaw<{ violations: number; example: string | null }[]>`
        SELECT coalesce(sum(amount), 0)::float8 AS violations, min(what) AS example FROM (${query}) AS broken`;
      return { violations: row?.violations ?? 0, example: row?.example ?? null };
    },
  };
}
