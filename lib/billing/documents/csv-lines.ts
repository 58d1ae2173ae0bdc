const NEEDS_QUOTES = /[",\r\n]/;

/** Cells as lines of RFC 4180: commas, quotes where a cell needs them, CRLF. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  let text = '';
  for (const row of rows) {
    let isFirst = true;
    for (const cell of row) {
      if (!isFirst) text += ',';
      isFirst = false;
      text += NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
    }
    text += '\r\n';
  }
  return text;
}

/** The mark that tells spreadsheets that a text is UTF-8. */
export const UTF8_MARK = '\ufeff';
