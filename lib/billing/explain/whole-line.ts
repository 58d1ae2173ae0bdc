import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readCharges } from './charge-store.ts';
import { stepsOf } from './charges.ts';
import { toChargeJson, toLineJson } from './json.ts';
import { type ChargeKey, readChargeKeys } from './line-store.ts';
import { explainFound, findLine, type FoundLine, type LineWish, tenantOf } from './lines.ts';

/** So many charges are in memory at a time, however many a line has. */
const PAGE_ROWS = 500;

/** What was found on the way through a whole line. */
export type WholeLineSeal = { readonly charges: number; readonly broken: number; readonly holds: boolean };

export type WholeLine = {
  readonly parts: AsyncIterable<string>;
  /** Complete once the parts were read to their end; null before. */
  readonly seal: () => WholeLineSeal | null;
};

/** The charges of a line page by page, each page in a transaction of its own. */
async function* chargePages(ctx: Ctx, found: FoundLine, pageRows: number) {
  for (let after: ChargeKey | null = null, isMore = true; isMore; ) {
    const page = await withTx(ctx, async (tx) => {
      const keys = await readChargeKeys(tx, found.charges, after, pageRows);
      const charges = keys.length === 0 ? [] : await readCharges(tx, found.charges.organisationId, keys);
      return { last: keys.at(-1), count: keys.length, steps: await stepsOf(tx, charges, found.price) };
    });
    after = page.last ?? after;
    isMore = page.count === pageRows;
    yield page.steps.map(toChargeJson);
  }
}

/**
 * A whole invoice line as one JSON document, written while it is read: the line with its steps, then every charge with
 * its evidence and its own steps. Memory does not grow with the line. Null when there is no such line in sight.
 */
export async function explainWholeLine(ctx: Ctx, wish: LineWish, pageRows = PAGE_ROWS): Promise<WholeLine | null> {
  authorize(ctx, 'invoice:read');
  const read = await withTx(ctx, async (tx) => {
    const found = await findLine(tx, tenantOf(ctx), wish);
    return found && { found, line: toLineJson(await explainFound(tx, found)) };
  });
  if (read === null) return null;
  const { found, line } = read;
  let seal: WholeLineSeal | null = null;
  async function* parts(): AsyncGenerator<string> {
    yield `${JSON.stringify(line).slice(0, -1)},"everyCharge":[`;
    let count = 0;
    let broken = 0;
    for await (const page of chargePages(ctx, found, pageRows)) {
      for (const charge of page) {
        yield `${count === 0 ? '' : ','}\n${JSON.stringify(charge)}`;
        count += 1;
        broken += charge.holds ? 0 : 1;
      }
    }
    const holds = line.holds && broken === 0 && count === line.charges;
    seal = { charges: count, broken, holds };
    yield `\n],"everyChargeHolds":${broken === 0},"allHolds":${holds}}\n`;
  }
  return { parts: parts(), seal: () => seal };
}
