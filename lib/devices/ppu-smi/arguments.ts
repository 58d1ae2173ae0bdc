/** What an option takes: nothing, a value, or a value where one follows. */
type Arity = 'nothing' | 'value' | 'optional';

/** Options by their first spelling, with their other spellings. */
export type OptionSpec = Readonly<Record<string, readonly [Arity, ...string[]]>>;

/** The options given, by first spelling; those without a value hold the empty text. */
export type Options = ReadonlyMap<string, string>;

/** The command line makes no sense; the message is what the tool prints. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads `-x value`, `--name value` and `--name=value`. Throws {@link UsageError} for what the command does not know. */
export function parseOptions(args: readonly string[], spec: OptionSpec): Options {
  const options = new Map<string, string>();
  const queue = [...args];
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    const [spelling = '', ...rest] = arg.split('=');
    const name = Object.keys(spec).find((first) => first === spelling || spec[first]?.slice(1).includes(spelling));
    const arity = name === undefined ? undefined : spec[name]?.[0];
    if (name === undefined || arity === undefined || (arity === 'nothing' && rest.length > 0)) {
      throw new UsageError(`Option "${arg}" is not recognized. Please run 'ppu-smi -h'.`);
    }
    const follows = queue[0] !== undefined && (arity === 'value' || !queue[0].startsWith('-'));
    const value = rest.length > 0 ? rest.join('=') : arity !== 'nothing' && follows ? queue.shift() : undefined;
    if (arity === 'value' && (value === undefined || value === '')) {
      throw new UsageError(`Option "${arg}" needs a value. Please run 'ppu-smi -h'.`);
    }
    options.set(name, value ?? '');
  }
  return options;
}

/** A positive whole number of an option; throws {@link UsageError} for anything else. */
export function countOption(options: Options, name: string): number | null {
  const text = options.get(name);
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`"${text}" is not a valid value for ${name}.`);
  return Number(text);
}
