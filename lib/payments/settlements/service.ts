import 'server-only';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { earlier, later } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { parseSettlement } from './parse.ts';
import { findChanged, insertFile, insertRows, readFiles, readJudged, readSums } from './store.ts';
import type {
  JudgedSettlement,
  SettlementFile,
  SettlementRefusal,
  SettlementSums,
  settlementInput,
  Verdict,
} from './types.ts';

const FILES_SHOWN = 100;
/** A file of twenty thousand transactions takes longer to write than a statement usually may. */
const IMPORTING_MS = 60_000;

/** Ends the transaction of an import with a refusal after something was written in it. */
class Refused extends Error {
  readonly refusal: SettlementRefusal;
  constructor(refusal: SettlementRefusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * Takes a provider's file of balance transactions, whole or not at all, once by its hash. It posts nothing: what differs
 * is shown, and put right where it was recorded. A transaction that an earlier file tells otherwise refuses the file.
 */
export async function importSettlement(
  ctx: Ctx,
  input: z.output<typeof settlementInput>,
): Promise<Result<Id<'settlementFile'>, SettlementRefusal>> {
  authorize(ctx, 'bankLine:record');
  const parsed = parseSettlement(input.text);
  if (!parsed.ok) return parsed;
  const rows = parsed.value;
  const [first] = rows;
  if (!first) return refuse({ code: 'settlementUnreadable' });
  const id = newId('settlementFile', ctx.now);
  const file = {
    id,
    provider: input.provider,
    name: input.name,
    sha256: createHash('sha256').update(input.text).digest('hex'),
    fromAt: rows.reduce((at, row) => earlier(at, row.at), first.at),
    untilAt: rows.reduce((at, row) => later(at, row.at), first.at),
    rows: rows.length,
    importedBy: actorLabel(ctx.actor),
    importedAt: ctx.now,
  };
  try {
    return await withTx(
      ctx,
      async (tx) => {
        if (!(await insertFile(tx, file))) return refuse({ code: 'settlementKnown' });
        await insertRows(tx, id, rows);
        const changed = await findChanged(tx, input.provider, id);
        if (changed !== null) throw new Refused({ code: 'settlementChanged', transaction: changed });
        const { provider, name, sha256 } = file;
        await record(ctx, tx, 'settlement.imported', id, { provider, name, sha256, rows: rows.length });
        return accept(id);
      },
      { timeoutMs: IMPORTING_MS },
    );
  } catch (error) {
    if (error instanceof Refused) return refuse(error.refusal);
    throw error;
  }
}

/** The files that were taken, newest first. */
export async function listSettlements(ctx: Ctx): Promise<SettlementFile[]> {
  authorize(ctx, 'bankLine:read');
  return withTx(ctx, (tx) => readFiles(tx, null, FILES_SHOWN));
}

export type SettlementView = {
  readonly file: SettlementFile;
  readonly sums: SettlementSums;
  readonly rows: readonly JudgedSettlement[];
};

/** A file with a page of how its transactions and our records stand to each other as of now; null when there is none. */
export async function findSettlement(
  ctx: Ctx,
  fileId: string,
  page: { readonly verdict: Verdict | null; readonly skip: number; readonly take: number },
): Promise<SettlementView | null> {
  authorize(ctx, 'bankLine:read');
  return withTx(ctx, async (tx) => {
    const [file] = await readFiles(tx, fileId, 1);
    if (!file) return null;
    return { file, sums: await readSums(tx, file), rows: await readJudged(tx, file, page) };
  });
}
