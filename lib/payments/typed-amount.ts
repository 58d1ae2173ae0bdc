import { type Fen, parseFen } from '#lib/core/money.ts';

const GROUPED = /^\d{1,3}(,\d{3})+(\.\d+)?$/;

/** Yuan as people type them, `1234.5` or `1,234.50`, as fen; null for anything else, commas in odd places included. */
export function typedFen(text: string): Fen | null {
  return parseFen(GROUPED.test(text) ? text.replaceAll(',', '') : text);
}
