import { boundedNumber, type Query, queryPage, queryText, sliceOf } from './paging.ts';
import { PART_PAGE_ROWS } from '#components/origin/line-parts.tsx';

/** A line's number in an address; 0, which no line has, when it is none. */
export function lineNumber(text: string): number {
  return /^[1-9]\d{0,3}$/.test(text) ? Number.parseInt(text, 10) : 0;
}

/** A charge's revision in an address; without one, the first. */
export function revisionOf(query: Query): number {
  const text = queryText(query, 'revision');
  return /^\d{1,4}$/.test(text) ? Number.parseInt(text, 10) : 0;
}

/** Where in a line an address looks, and which page of it. */
export function partOf(query: Query) {
  const page = queryPage(query);
  const text = (name: string): string | null => queryText(query, name) || null;
  return {
    page,
    slice: sliceOf(page, PART_PAGE_ROWS),
    part: { day: text('day'), reservationId: text('reservation'), hour: text('hour') },
  };
}

/** The rows that a program asks for; without words, the first hundred. */
export function programSlice(query: URLSearchParams): { readonly skip: number; readonly take: number } {
  return {
    skip: boundedNumber(query.get('skip'), 0, 1_000_000, 0),
    take: boundedNumber(query.get('take'), 1, 200, 100),
  };
}
