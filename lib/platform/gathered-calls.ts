/** What a called function takes besides its context, by its PostgreSQL types. */
const ARGUMENTS = {
  command_submit: ['text', 'text', 'text', 'text', 'text', 'text', 'text', 'timestamptz', 'text'],
  command_answer: ['text'],
  quote_kept: ['text', 'text'],
} as const satisfies Record<string, readonly ('text' | 'timestamptz')[]>;

/** Functions that take all calls at once, one array an argument, and answer with rows that say in `n` whose they are. */
const OF_SETS: ReadonlySet<string> = new Set(['command_submit'] satisfies (keyof typeof ARGUMENTS)[]);

/** SQL functions that take a context first and enter it before they do anything. */
export type CallableFunction = keyof typeof ARGUMENTS;
/** What a called function may be given. */
export type CallArgument = string | Date | null;

/** Scope, organisation, actor and request: what every called function takes first. */
const CONTEXT = ['text', 'text', 'text', 'text'] as const;

/**
 * The statement that carries out the calls in its parameters, which are arrays, one per argument. Each row of an answer says in
 * `n`, from one, whose it is. A function of single calls is called anew for each, so each enters its own context.
 */
export function gatheredStatement(name: CallableFunction): string {
  const types = [...CONTEXT, ...ARGUMENTS[name]];
  const columns = types.map((_, i) => `a${i + 1}`).join(', ');
  const arrays = types.map((type, i) => `$${i + 1}::${type}[]`).join(', ');
  if (OF_SETS.has(name)) return `SELECT * FROM ${name}(${arrays})`;
  return `SELECT i.n::int AS n, f.* FROM unnest(${arrays}) WITH ORDINALITY AS i (${columns}, n) CROSS JOIN LATERAL ${name}(${columns}) AS f`;
}

/** The calls of one statement, context first, as its parameters: an array per argument. */
export function columnsOf(name: CallableFunction, calls: readonly (readonly CallArgument[])[]): CallArgument[][] {
  return [...CONTEXT, ...ARGUMENTS[name]].map((_, i) => calls.map((call) => call[i] ?? null));
}

/** The rows of each call, in the calls' order. */
export function rowsByCall<Row extends { readonly n: number }>(rows: readonly Row[], calls: number): Row[][] {
  const found = Array.from({ length: calls }, (): Row[] => []);
  for (const row of rows) found[row.n - 1]?.push(row);
  return found;
}
