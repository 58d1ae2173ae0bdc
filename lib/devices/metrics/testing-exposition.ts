/** A family as a scraper reads it. */
export type ParsedFamily = {
  readonly type: string;
  readonly help: string;
  readonly series: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
};

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

/**
 * Reads the text format as strictly as it is described: every line ends, each family has HELP then TYPE once and all
 * its series behind them, names and escapes are legal, no series comes twice. Throws on the first line that is not so.
 */
export function parseExposition(text: string): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the text does not end with a newline');
  const families = new Map<string, { type: string; help: string; series: ParsedFamily['series'][number][] }>();
  const seen = new Set<string>();
  let [current, helped] = ['', ''];
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === 'HELP' && name !== undefined && rest !== undefined) {
      if (families.has(name) || !NAME.test(name)) throw new Error(`family twice or ill named: ${line}`);
      helped = name;
      families.set(name, { type: '', help: unescaped(rest), series: [] });
    } else if (keyword === 'TYPE' && name !== undefined && rest !== undefined) {
      const family = families.get(name);
      if (!family || helped !== name || family.type !== '' || !/^(gauge|counter)$/.test(rest)) throw new Error(line);
      family.type = rest;
      current = name;
    } else {
      const [, series, labels = '', value] = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (series !== current || value === undefined) throw new Error(`not a series of ${current}: ${line}`);
      if (!/^-?\d+(\.\d+)?(e[+-]\d+)?$/.test(value)) throw new Error(`not a number: ${line}`);
      const key = line.slice(0, -value.length);
      if (seen.has(key)) throw new Error(`series twice: ${line}`);
      seen.add(key);
      families.get(current)?.series.push({ labels: parseLabels(labels), value: Number(value) });
    }
  }
  return families;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name, value] = LABEL.exec(text) ?? [];
    if (name === undefined || value === undefined || name in labels) throw new Error(`ill formed labels: ${text}`);
    labels[name] = unescaped(value);
  }
  return labels;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}
