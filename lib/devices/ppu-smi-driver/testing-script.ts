import type { ToolCommand } from '../tool/command.ts';

/** A `stats` that prints what the test says when the test says it; every other command is the tool's own. */
export class Script {
  runs = 0;
  #lines: string[] = [];
  #wake: () => void = () => undefined;
  #isOver = false;

  constructor(...lines: readonly string[]) {
    this.print(...lines);
  }

  print(...lines: readonly string[]): void {
    this.#lines.push(...lines);
    this.#wake();
  }

  /** The tool ends by itself. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  readonly corrupt = (tool: ToolCommand): ToolCommand => ({
    run: (args, options) => tool.run(args, options),
    follow: (_, signal) => this.#follow(signal),
  });

  async *#follow(signal: AbortSignal): AsyncGenerator<string> {
    this.runs += 1;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!signal.aborted && !this.#isOver) {
      yield* this.#lines.splice(0);
      if (signal.aborted || this.#isOver) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
