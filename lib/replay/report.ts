import 'server-only';
import { verifyDatabase } from '#lib/engine/verify.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { sealLedger } from '#lib/ledger/sealing.ts';
import { withTx } from '#lib/platform/db.ts';

/** The totals that a replay prints, read from the database and proven there. */
export type ReplayTotals = {
  readonly cardSecondsUsed: number;
  readonly chargedUnits: string;
  readonly invoicedFen: number;
  readonly taxFen: number;
  readonly roundingUnits: string;
  readonly journals: number;
  readonly postings: number;
  readonly overlaps: number;
  readonly unbalancedJournals: number;
  readonly unaccountedCardSeconds: number;
  /** Violations of all other proofs, by name; empty when everything holds. */
  readonly violations: Readonly<Record<string, number>>;
};

/** Seals what is posted, proves the database, and sums it up. */
export async function readTotals(): Promise<ReplayTotals> {
  await sealLedger(await systemCtx('sealing'));
  const ctx = await systemCtx('proving');
  const proofs = new Map((await verifyDatabase(ctx)).map(({ name, violations }) => [name, violations]));
  const [row] = await withTx(
    ctx,
    (tx) => tx.$queryRaw<
      {
        used: bigint;
        charged: bigint;
        invoiced: bigint;
        tax: bigint;
        residue: bigint;
        journals: bigint;
        postings: bigint;
      }[]
    >`
      SELECT (SELECT coalesce(sum(used_seconds), 0)::bigint FROM usage_charge) AS used,
        (SELECT coalesce(sum(amount_units), 0)::bigint FROM usage_charge) AS charged,
        (SELECT coalesce(sum(gross_fen), 0)::bigint FROM invoice) AS invoiced,
        (SELECT coalesce(sum(tax_fen), 0)::bigint FROM invoice) AS tax,
        (SELECT coalesce(sum(residue_units), 0)::bigint FROM invoice) AS residue,
        (SELECT count(*) FROM journal) AS journals, (SELECT count(*) FROM posting) AS postings`,
    { timeoutMs: 300_000 },
  );
  if (!row) throw new Error('the totals could not be read');
  const named = ['noOverlap', 'journalsBalanced', 'cardSecondsAccounted'];
  return {
    cardSecondsUsed: Number(row.used),
    chargedUnits: `${row.charged}`,
    invoicedFen: Number(row.invoiced),
    taxFen: Number(row.tax),
    roundingUnits: `${row.residue}`,
    journals: Number(row.journals),
    postings: Number(row.postings),
    overlaps: proofs.get('noOverlap') ?? -1,
    unbalancedJournals: proofs.get('journalsBalanced') ?? -1,
    unaccountedCardSeconds: proofs.get('cardSecondsAccounted') ?? -1,
    violations: Object.fromEntries([...proofs].filter(([name, count]) => count > 0 && !named.includes(name))),
  };
}
