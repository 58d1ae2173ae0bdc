import { DAY_MS, HOUR_MS, type Instant } from '#lib/core/instant.ts';
import { type ZipEntry, zip } from './zip.ts';

/** How a cell looks; the number is the place of its style in the workbook. */
const STYLES = { plain: 0, head: 1, fen: 2, units: 3, price: 4, count: 5, time: 6 } as const;

/** A cell: text as it is, never a formula; a number by its exact decimal text, with a look. */
export type Cell =
  | { readonly text: string; readonly look?: 'head' }
  | { readonly number: string; readonly look: 'fen' | 'units' | 'price' | 'count' | 'time' }
  | null;

export type Row = readonly Cell[];

export type Sheet = {
  readonly name: string;
  /** Widths of the columns in characters. */
  readonly widths: readonly number[];
  readonly head: readonly string[];
  /** Rows in groups, as they come: how they are grouped is not in the file. */
  readonly rows: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>;
};

export const text = (value: string): Cell => ({ text: value });
export const count = (value: bigint | number): Cell => ({ number: `${value}`, look: 'count' });

/** Days from 30 December 1899 to 1970: how spreadsheets count time. */
const DAYS_TO_1970 = 25_569;

/** An instant as a spreadsheet's date and time in Beijing, to the nearest millionth of a day. */
export function beijingCell(at: Instant): Cell {
  const shifted = at + 8 * HOUR_MS;
  const days = Math.floor(shifted / DAY_MS);
  const millionths = Math.round(((shifted - days * DAY_MS) * 1_000_000_000) / DAY_MS);
  return { number: `${days + DAYS_TO_1970}.${`${millionths}`.padStart(9, '0')}`, look: 'time' };
}

/** What XML 1.0 cannot hold: control characters and halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not get into the file.
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** What may have to be written in another way; most text has nothing of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: some of these are the characters that must not get into the file.
const SPECIAL = /[\u0000-\u0008\u000b-\u001f&<>"\ud800-\udfff\ufffe\uffff]/;

/** Text for XML: nothing in it can end the element it stands in. */
function xmlText(value: string): string {
  if (!SPECIAL.test(value)) return value;
  return value
    .toWellFormed()
    .replaceAll(UNWRITABLE, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

/** `A`, `B` … `Z`, `AA`: the name of a column by its place from 0 on. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

/** How the cells of each column begin, up to the number of the row. */
const BEGINNINGS = Array.from({ length: 64 }, (_, index) => `<c r="${columnName(index)}`);

/** What stands between the number of the row and a number, by its look. */
const BEFORE_NUMBER: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(STYLES).map(([look, style]) => [look, `" s="${style}"><v>`]),
);
const beforeText = (style: number): string => `" s="${style}" t="inlineStr"><is><t xml:space="preserve">`;
const BEFORE_PLAIN = beforeText(STYLES.plain);
const BEFORE_HEAD = beforeText(STYLES.head);

function rowXml(cells: Row, row: number): string {
  let xml = `<row r="${row}">`;
  for (let column = 0; column < cells.length; column += 1) {
    const cell = cells[column];
    if (cell === null || cell === undefined) continue;
    const at = `${BEGINNINGS[column]}${row}`;
    if ('number' in cell) xml += `${at}${BEFORE_NUMBER[cell.look]}${cell.number}</v></c>`;
    else xml += `${at}${cell.look === 'head' ? BEFORE_HEAD : BEFORE_PLAIN}${xmlText(cell.text)}</t></is></c>`;
  }
  return `${xml}</row>`;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

async function* sheetXml({ widths, head, rows }: Sheet): AsyncGenerator<string> {
  const columns = widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`);
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const view = `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`;
  yield `${HEAD}<worksheet xmlns="${MAIN}">${view}<cols>${columns.join('')}</cols><sheetData>`;
  let row = 1;
  yield rowXml(
    head.map((name) => ({ text: name, look: 'head' })),
    row,
  );
  for await (const group of rows) {
    let xml = '';
    for (const cells of group) {
      row += 1;
      xml += rowXml(cells, row);
    }
    yield xml;
  }
  yield '</sheetData></worksheet>';
}

const FORMATS = ['#,##0.00', '#,##0.00000000', '#,##0.0000######', '#,##0', 'yyyy\\-mm\\-dd\\ hh:mm:ss'] as const;

function stylesXml(): string {
  const formats = FORMATS.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${code}"/>`).join('');
  const plain = '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>';
  const bold = '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>';
  const numbers = FORMATS.map(
    (_, i) => `<xf numFmtId="${164 + i}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
  ).join('');
  const font = '<sz val="10"/><name val="Microsoft YaHei"/>';
  return `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="${FORMATS.length}">${formats}</numFmts>
<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="${FORMATS.length + 2}">${plain}${bold}${numbers}</cellXfs></styleSheet>`;
}

/** The parts that name the sheets; `names` in the order in which they were written. */
function frame(names: readonly string[], title: string): ZipEntry[] {
  const sheets = names.map((name, i) => `<sheet name="${xmlText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const relations = names.map(
    (_, i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  const types = names.map(
    (_, i) =>
      `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`,
  );
  const entry = (name: string, xml: string): ZipEntry => ({ name, parts: [HEAD + xml] });
  return [
    { name: 'xl/styles.xml', parts: [stylesXml()] },
    entry(
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.join('')}</sheets></workbook>`,
    ),
    entry(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${PACKAGE}/relationships">${relations.join('')}<Relationship Id="rIdStyles" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    ),
    entry(
      'docProps/core.xml',
      `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${xmlText(title)}</dc:title><dc:creator>Kashi</dc:creator></cp:coreProperties>`,
    ),
    entry(
      '_rels/.rels',
      `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
    ),
    entry(
      '[Content_Types].xml',
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>${types.join('')}</Types>`,
    ),
  ];
}

async function* entriesOf(sheets: AsyncIterable<Sheet> | Iterable<Sheet>, title: string): AsyncGenerator<ZipEntry> {
  const names: string[] = [];
  for await (const sheet of sheets) {
    names.push(sheet.name);
    yield { name: `xl/worksheets/sheet${names.length}.xml`, parts: sheetXml(sheet) };
  }
  yield* frame(names, title);
}

/**
 * A workbook as it is made, sheet after sheet. It has no date and no chance in it: the same sheets give the same bytes.
 * Numbers are written with every digit; text is never read as a formula.
 */
export function workbook(title: string, sheets: AsyncIterable<Sheet> | Iterable<Sheet>): AsyncGenerator<Uint8Array> {
  return zip(entriesOf(sheets, title));
}
