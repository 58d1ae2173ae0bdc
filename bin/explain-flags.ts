import { parseArgs } from 'node:util';
import { UsageError } from './bench/command-line.ts';

/** Which invoice line or journal to explain as a file. */
export type ExplainFlags = (
  | { readonly invoiceId: string; readonly line: number; readonly journal: null }
  | { readonly journal: string }
) & {
  readonly out: string | null;
  readonly database: string | null;
  readonly json: boolean;
};

/** Reads the words after `explain`; throws a {@link UsageError} of one sentence. */
export function readExplainFlags(args: readonly string[]): ExplainFlags {
  const text = { type: 'string' } as const;
  const options = {
    invoice: text,
    line: text,
    journal: text,
    out: text,
    database: text,
    json: { type: 'boolean', default: false },
  } as const;
  const {
    invoice,
    line,
    journal,
    out = null,
    database = null,
    json,
  } = (() => {
    try {
      return parseArgs({ args: [...args], options }).values;
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  })();
  if (journal !== undefined) {
    if (!/^\d{1,18}$/.test(journal) || invoice !== undefined || line !== undefined)
      throw new UsageError('Say which journal by its number alone: --journal 42.');
    return { journal, out, database, json };
  }
  if (invoice === undefined) throw new UsageError('Say which invoice: --invoice inv_…, as its page’s address has it.');
  if (line === undefined || !/^[1-9]\d{0,3}$/.test(line)) throw new UsageError('Say which line: --line 1, 2, …');
  return { invoiceId: invoice, line: Number.parseInt(line, 10), journal: null, out, database, json };
}
