import { explainJournal, listJournalCharges } from '#lib/billing/explain/journals.ts';
import { toJournalJson } from '#lib/billing/explain/json.ts';
import { explainWholeLine } from '#lib/billing/explain/whole-line.ts';
import { present } from '#lib/core/assert.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { enterMarket, openCommandServer } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import type { ExplainFlags } from './explain-flags.ts';
import { save } from './saving.ts';

/** A journal's charges beyond these are those of its invoice line's file. */
const CHARGES_SHOWN = 200;

type OfJournal = Extract<ExplainFlags, { readonly journal: string }>;
type OfLine = Exclude<ExplainFlags, OfJournal>;

/** A journal with its cause and steps, and the first of the charges that it carries. */
async function exportJournal({ journal, out, json }: OfJournal): Promise<number> {
  const ctx = await systemCtx('exporting');
  const found = await explainJournal(ctx, journal);
  if (found === null) {
    console.error(`There is no journal ${journal}: a journal is named by its number.`);
    return 1;
  }
  const explained = toJournalJson(found, await listJournalCharges(ctx, journal, { skip: 0, take: CHARGES_SHOWN }));
  const path = out ?? `kashi-explain-journal-${journal}.json`;
  await save([JSON.stringify(explained, null, 2), '\n'], path);
  const { holds, equations } = explained;
  const broken = equations.filter((step) => !step.holds).length;
  if (json) console.log(JSON.stringify({ journal, path, steps: equations.length, broken, holds }));
  else console.log(`${path}\n  ${equations.length} steps, ${holds ? 'every one holds' : `${broken} do not hold`}`);
  return holds ? 0 : 1;
}

/** `npm run export -- explain`: a whole invoice line, or a journal, as JSON. Exit code 0: every step holds; 1: not, or not there. */
export async function exportExplanation(flags: ExplainFlags): Promise<number> {
  const server = await openCommandServer();
  try {
    await enterMarket(server, flags.database);
    return flags.journal === null ? await exportLine(flags) : await exportJournal(flags);
  } finally {
    await closeDatabase();
    await server.close();
  }
}

async function exportLine({ invoiceId, line, out, json }: OfLine): Promise<number> {
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
}
