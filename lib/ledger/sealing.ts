import 'server-only';
import { createHash } from 'node:crypto';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { toDate } from '#lib/core/instant.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';

/** The hash of the block before the first. */
export const GENESIS = '0'.repeat(64);

/** Rows sealed in one block at most. */
const BLOCK_ROWS_MAX = 5_000;

/** One row as it is sealed: its number and the digest of everything it says, made by the database from the row itself. */
export type SealedRow = { readonly id: bigint; readonly digest: string };

/** The hash of a block: SHA-256 over the hash before it and its rows in order. Change, loss or order of any row shows. */
export function blockHash(previousHash: string, rows: readonly SealedRow[]): string {
  const hash = createHash('sha256').update(previousHash);
  for (const { id, digest } of rows) hash.update(`\n${id}:${digest}`);
  return hash.digest('hex');
}

/** Seals journals that no block holds yet, oldest first. Answers how many. One sealer at a time. */
async function sealBlock(ctx: Ctx, tx: Tx): Promise<number> {
  const [lock] = await tx.$queryRaw<{ ok: boolean }[]>`SELECT pg_try_advisory_xact_lock(20_26, 12) AS ok`;
  if (!lock?.ok) return 0;
  const rows = await tx.$queryRaw<SealedRow[]>`SELECT id, digest FROM ledger_unsealed(${BLOCK_ROWS_MAX})`;
  if (rows.length === 0) return 0;
  const last = await tx.chainBlock.findFirst({
    where: { chain: 'ledger' },
    orderBy: { number: 'desc' },
    select: { number: true, hash: true },
  });
  const number = (last?.number ?? 0n) + 1n;
  const previousHash = last?.hash ?? GENESIS;
  await tx.chainBlock.create({
    data: {
      chain: 'ledger',
      number,
      rowCount: rows.length,
      previousHash,
      hash: blockHash(previousHash, rows),
      sealedAt: toDate(ctx.now),
    },
  });
  await tx.$executeRaw`INSERT INTO chain_row (chain, row_id, block_number) SELECT 'ledger', id, ${number} FROM unnest(${rows.map(({ id }) => `${id}`)}::text[]::bigint[]) AS id`;
  return rows.length;
}

/** Seals everything that is posted. Journals committed meanwhile are sealed next time: a row is sealed once, in some block. */
export async function sealLedger(ctx: Ctx): Promise<number> {
  authorize(ctx, 'ledger:seal');
  let sealed = 0;
  for (let count = BLOCK_ROWS_MAX; count === BLOCK_ROWS_MAX; sealed += count)
    count = await withTx(ctx, (tx) => sealBlock(ctx, tx));
  return sealed;
}

/** Where a chain of blocks breaks: the number of the first block that does not follow, or null when all do. */
export function firstBrokenBlock(
  blocks: readonly {
    readonly number: bigint;
    readonly previousHash: string;
    readonly hash: string;
    readonly rows: readonly SealedRow[];
  }[],
): bigint | null {
  let previous = { number: 0n, hash: GENESIS };
  for (const block of blocks) {
    const follows = block.number === previous.number + 1n && block.previousHash === previous.hash;
    if (!follows || blockHash(block.previousHash, block.rows) !== block.hash) return block.number;
    previous = present(block, 'block');
  }
  return null;
}
