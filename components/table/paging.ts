/** A page of a list, counted from 1, as its address says. */
export type Paging = { readonly number: number; readonly skip: number; readonly take: number };

const PAGE_MAX = 1_000_000;

/** Reads `?page=`; what is no page number is the first page. */
export function pagingOf(text: string | undefined, take: number): Paging {
  const number = text !== undefined && /^[1-9]\d{0,6}$/.test(text) ? Math.min(Number.parseInt(text, 10), PAGE_MAX) : 1;
  return { number, skip: (number - 1) * take, take };
}

/** An address with a query; what is null or undefined is left out. */
export function addressOf(path: string, query: Readonly<Record<string, string | null | undefined>>): string {
  const known = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return known.length === 0 ? path : `${path}?${new URLSearchParams(known)}`;
}

/** The addresses of the pages before and after; null at an end. The first page has no number. */
export function pageLinks(
  { number, take }: Paging,
  total: number,
  hrefOf: (page: string | null) => string,
): { readonly previous: string | null; readonly next: string | null } {
  return {
    previous: number > 1 ? hrefOf(number === 2 ? null : `${number - 1}`) : null,
    next: number * take < total ? hrefOf(`${number + 1}`) : null,
  };
}
