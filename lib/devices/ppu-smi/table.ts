import { UsageError } from './arguments.ts';
import { cellText } from './format.ts';
import type { QueryKey } from './query-keys.ts';

/** `--format=csv[,noheader][,nounits]`. */
export type TableFormat = { readonly header: boolean; readonly units: boolean };

/** Reads the value of `--format`; throws {@link UsageError} for anything but a form of `csv`. */
export function parseFormat(text: string | undefined): TableFormat {
  const words = (text ?? '').split(',');
  const isKnown = words.includes('csv') && words.every((word) => ['csv', 'noheader', 'nounits'].includes(word));
  if (!isKnown) throw new UsageError(`"--format=" must be given and name csv. Please run 'ppu-smi -h'.`);
  return { header: !words.includes('noheader'), units: !words.includes('nounits') };
}

/** Finds the columns asked for by any of their names; throws {@link UsageError} in the tool's words for another one. */
export function findKeys<Facts>(known: readonly QueryKey<Facts>[], asked: string): QueryKey<Facts>[] {
  return asked.split(',').map((name) => {
    const wanted = name.trim();
    const found = known.find(({ key, aliases }) => key === wanted || aliases.includes(wanted));
    if (!found) throw new UsageError(`Field "${wanted}" is not a valid field to query.`);
    return found;
  });
}

/** The whole table. Separator comma and space, nothing quoted, the canonical names in the header. */
export function tableText<Facts>(
  keys: readonly QueryKey<Facts>[],
  rows: readonly Facts[],
  { header, units }: TableFormat,
): string {
  const head = keys.map(({ key, unit }) => (unit !== null && units ? `${key} [${unit}]` : key));
  const body = rows.map((facts) => keys.map(({ tell, unit }) => cellText(tell(facts), units ? unit : null, true)));
  return [...(header ? [head] : []), ...body].map((cells) => `${cells.join(', ')}\n`).join('');
}

/** What `--help-query-…` prints of the columns. */
export function keysText<Facts>(keys: readonly QueryKey<Facts>[]): string {
  return keys
    .map(
      ({ key, aliases, explains }) => `${[key, ...aliases].map((name) => `"${name}"`).join(' or ')}\n${explains}\n\n`,
    )
    .join('');
}
