import { invariant } from '#lib/core/assert.ts';
import { endOf, type Interval } from '#lib/core/interval.ts';
import type { Span } from './profile.ts';

/**
 * What is tentatively taken of one server, in no order. Starts and ends stand beside it as plain rows of numbers: those
 * few that share a time with an interval are found without a look at any other.
 */
export class ServerSpans {
  readonly #spans: Span[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  get all(): readonly Span[] {
    return this.#spans;
  }

  /** Those that share a time with an interval. */
  during({ startAt, endAt }: Interval): Span[] {
    const [starts, ends] = [this.#starts, this.#ends];
    const to = endOf({ startAt, endAt });
    const found: Span[] = [];
    for (let i = 0; i < starts.length; i += 1) {
      if ((starts[i] ?? 0) >= to || startAt >= (ends[i] ?? 0)) continue;
      const span = this.#spans[i];
      if (span) found.push(span);
    }
    return found;
  }

  add(span: Span): void {
    this.#spans.push(span);
    this.#starts.push(span.interval.startAt);
    this.#ends.push(endOf(span.interval));
  }

  /** Takes out the span of a promise; the last takes its place. Throws when it has none here then. */
  remove(promiseId: string, { startAt }: Interval): void {
    const [spans, starts, ends] = [this.#spans, this.#starts, this.#ends];
    let at = starts.lastIndexOf(startAt);
    while (at > 0 && spans[at]?.promiseId !== promiseId) at = starts.lastIndexOf(startAt, at - 1);
    if (spans[at]?.promiseId !== promiseId) invariant(false, `a share of ${promiseId} lies here`);
    const [last, start, end] = [spans.pop(), starts.pop(), ends.pop()];
    if (last === undefined || start === undefined || end === undefined || at === spans.length) return;
    spans[at] = last;
    starts[at] = start;
    ends[at] = end;
  }
}
