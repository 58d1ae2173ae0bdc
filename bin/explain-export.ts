import { explainWholeLine } from '#lib/billing/explain/whole-line.ts';
import { present } from '#lib/core/assert.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { enterMarket, openCommandServer } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import type { ExplainFlags } from './explain-flags.ts';
import { save } from './saving.ts';

/** `npm run export -- explain`: a whole invoice line as JSON. Exit code 0: every step of it holds; 1: not, or not there. */
export async function exportExplanation({ invoiceId, line, out, database, json }: ExplainFlags): Promise<number> {
  const server = await openCommandServer();
  try {
    await enterMarket(server, database);
    const found = await explainWholeLine(await systemCtx('exporting'), { invoiceId, line });
    if (found === null) {
      console.error(
        `There is no line ${line} of an invoice ${invoiceId}: lines count from 1, and an invoice is named by its id.`,
      );
      return 1;
    }
    const path = out ?? `kashi-explain-${invoiceId}-${line}.json`;
    await save(found.parts, path);
    const { charges, broken, holds } = present(found.seal(), 'a seal');
    if (json) console.log(JSON.stringify({ invoiceId, line, path, charges, broken, holds }));
    else console.log(`${path}\n  ${charges} charges, ${holds ? 'every step holds' : `${broken} do not hold`}`);
    return holds ? 0 : 1;
  } finally {
    await closeDatabase();
    await server.close();
  }
}
