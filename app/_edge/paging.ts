/** One value of an address's query; of several the first. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** A query's text by name; empty when it is not there. */
export function queryText(query: Query, name: string): string {
  const value = query[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** The texts of a query by name; of several of a name the first. */
export function queryTexts(query: Query): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.keys(query).map((name) => [name, queryText(query, name)]));
}

/** One of a closed set from a query, else null. */
export function queryChoice<const T extends string>(query: Query, name: string, values: readonly T[]): T | null {
  const text = queryText(query, name);
  return values.find((value) => value === text) ?? null;
}

/** The page of a query, from 1; anything that is not a page is the first. */
export function queryPage(query: Query): number {
  const text = queryText(query, 'page');
  return /^[1-9]\d{0,5}$/.test(text) ? Number.parseInt(text, 10) : 1;
}

/** What to read for a page of `size`. */
export function sliceOf(page: number, size: number): { readonly skip: number; readonly take: number } {
  return { skip: (page - 1) * size, take: size };
}

/** The addresses of the pages before and after; null is an end. */
export function neighbours(
  { page, size, total }: { readonly page: number; readonly size: number; readonly total: number },
  hrefOf: (page: number) => string,
): { readonly previous: string | null; readonly next: string | null } {
  return {
    previous: page > 1 ? hrefOf(page - 1) : null,
    next: page * size < total ? hrefOf(page + 1) : null,
  };
}

/** An address with those of its query's values that are not empty. */
export function withQuery(path: string, values: Readonly<Record<string, string | number | null | undefined>>): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries.map(([k, v]) => [k, `${v}`]))}`;
}

/** A whole number of a query within bounds; anything else is the default. */
export function boundedNumber(text: string | null, least: number, most: number, otherwise: number): number {
  const value = /^\d{1,9}$/.test(text ?? '') ? Number.parseInt(text ?? '', 10) : otherwise;
  return Math.min(most, Math.max(least, value));
}
