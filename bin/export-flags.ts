import { parseArgs } from 'node:util';
import { EXPORT_KINDS, type ExportKind, parseExportKind } from '#lib/billing/export-kinds.ts';
import { UsageError } from './bench/command-line.ts';

export const USAGE = [
  'npm run export -- focus --version 1.2|1.4 [--dataset cost-and-usage|invoice-detail|billing-period] --period YYYY-MM',
  '  or                usage-csv | usage-xlsx | detail | invoice-pdf | invoice-xlsx | statement-pdf --period YYYY-MM',
  '  [--org org_…] [--out FILE] [--database NAME] [--json]',
  'npm run export -- explain --invoice inv_… --line N [--out FILE] [--database NAME] [--json]',
].join('\n');

export type ExportFlags = {
  readonly kind: ExportKind;
  readonly period: string;
  readonly org: string | null;
  readonly out: string | null;
  readonly database: string | null;
  readonly json: boolean;
};

/** What FOCUS has of us, by version and dataset. */
const FOCUS: Readonly<Record<string, ExportKind>> = {
  '1.2 cost-and-usage': 'focus-1.2',
  '1.4 cost-and-usage': 'focus-1.4',
  '1.4 invoice-detail': 'focus-1.4-invoice-detail',
  '1.4 billing-period': 'focus-1.4-billing-period',
};

function kindOf(name: string, version: string | undefined, dataset: string | undefined): ExportKind {
  if (name === 'focus') {
    const kind = FOCUS[`${version ?? ''} ${dataset ?? 'cost-and-usage'}`];
    if (kind) return kind;
    throw new UsageError(`FOCUS has of Kashi: ${Object.keys(FOCUS).join(', ')}. Not "${version} ${dataset ?? ''}".`);
  }
  const kind = parseExportKind(name);
  if (kind === null || version !== undefined || dataset !== undefined)
    throw new UsageError(`Name one file: focus, ${EXPORT_KINDS.filter((each) => !/^focus/.test(each)).join(', ')}.`);
  return kind;
}

/** Reads a command line; throws a {@link UsageError} of one sentence. */
export function readExportFlags(args: readonly string[]): ExportFlags {
  const text = { type: 'string' } as const;
  const options = {
    version: text,
    dataset: text,
    period: text,
    org: text,
    out: text,
    database: text,
    json: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = (() => {
    try {
      return parseArgs({ args: [...args], options, allowPositionals: true });
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  })();
  const [name = '', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`One file at a time, not also "${more.join(' ')}".`);
  const { period, org = null, out = null, database = null, json } = values;
  const kind = kindOf(name, values.version, values.dataset);
  if (period === undefined) throw new UsageError('Say which month: --period YYYY-MM.');
  return { kind, period, org, out, database, json };
}
