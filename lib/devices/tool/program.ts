/** Text that a simulated tool prints, as it prints it. */
export type ToolChunk = { readonly to: 'stdout' | 'stderr'; readonly text: string };

/** A run of a simulated tool: its output, and at the end its exit status. Aborting the signal it was given ends it. */
export type ToolRun = AsyncGenerator<ToolChunk, number, undefined>;

/** A tool of a simulated server, by what it does with its arguments. Never throws for wrong arguments: it prints. */
export type ToolProgram = (args: readonly string[], signal: AbortSignal) => ToolRun;

/** The tools of one server by the name they are called by. */
export type ToolShelf = ReadonlyMap<string, ToolProgram>;

export function out(text: string): ToolChunk {
  return { to: 'stdout', text };
}

export function err(text: string): ToolChunk {
  return { to: 'stderr', text };
}
