import { DriverError } from '../types.ts';

/** Counts the calls that collecting makes of drivers, and those that failed, by operation and code. */
export class CallTally {
  readonly #calls = new Map<string, number>();
  readonly #errors = new Map<string, { readonly op: string; readonly code: number; count: number }>();

  /** Makes a call and counts it. Null when the driver refused it; only bugs are thrown. */
  async attempt<T>(op: string, call: () => Promise<T>): Promise<T | null> {
    this.#calls.set(op, (this.#calls.get(op) ?? 0) + 1);
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      this.#fail(op, error.code);
      return null;
    }
  }

  calls(): readonly (readonly [op: string, count: number])[] {
    return [...this.#calls].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  errors(): readonly { readonly op: string; readonly code: number; readonly count: number }[] {
    return [...this.#errors.values()].sort((a, b) => (a.op === b.op ? a.code - b.code : a.op < b.op ? -1 : 1));
  }

  #fail(op: string, code: number): void {
    const known = this.#errors.get(`${op} ${code}`);
    if (known) known.count += 1;
    else this.#errors.set(`${op} ${code}`, { op, code, count: 1 });
  }
}
