import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

/** A mistake in what was asked for: one sentence for the terminal, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** One bench of `npm run bench -- <name> …`. */
export type Bench = {
  readonly name: string;
  /** Its command line, from its name on. */
  readonly usage: string;
  readonly run: (args: readonly string[]) => Promise<void>;
};

/** Reads `--name value` options, all of them texts, `--json`, and switches of a bench's own; anything else is a mistake. */
export function readFlags<const Name extends string, const Switch extends string = never>(
  args: readonly string[],
  names: readonly Name[],
  switches: readonly Switch[] = [],
): { readonly [K in 'json' | Switch]: boolean } & { readonly [K in Name]: string | undefined } {
  const options: Record<string, { type: 'string' | 'boolean' }> = {};
  for (const name of names) options[name] = { type: 'string' };
  for (const name of ['json', ...switches]) options[name] = { type: 'boolean' };
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    const said = Object.fromEntries(['json', ...switches].map((name) => [name, values[name] === true]));
    return { ...values, ...said } as ReturnType<typeof readFlags<Name, Switch>>;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number within bounds, or a sentence. */
export function readWhole(text: string, flag: string, bounds: { readonly min: number; readonly max: number }): number {
  const value = /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (!(value >= bounds.min && value <= bounds.max))
    throw new UsageError(`${flag} is a whole number from ${bounds.min} to ${bounds.max}, not "${text}".`);
  return value;
}

/** A file's text, or a sentence. */
export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${path} cannot be read.`);
  });
}

/** A figure with so many digits after the point: more would claim what nobody measured. */
export function roundedTo(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/** Prints rows with aligned columns. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(cells.join('  ').trimEnd());
  }
}
