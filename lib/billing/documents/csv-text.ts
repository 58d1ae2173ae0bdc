/** What a spreadsheet takes for the beginning of a formula, in half and full width. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * Text of people (names, remarks) for a cell: what would begin a formula gets an apostrophe before it, so that opening
 * the file runs nothing. Amounts and times are ours and stay as they are.
 */
export function guardedText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
