import { crc32, inflateRawSync } from 'node:zlib';
import { invariant } from '#lib/core/assert.ts';

/** The files of an archive by name, read by its list at the end; throws when a sum or a size in it is wrong. */
export function unzip(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [crc, packed, size] = [16, 20, 24].map((offset) => bytes.readUInt32LE(at + offset));
    const nameBytes = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameBytes);
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = inflateRawSync(bytes.subarray(from, from + (packed ?? 0)));
    invariant(content.length === size && crc32(content) === crc, `${name} is damaged`);
    files.set(name, content.toString('utf8'));
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

export type SheetCell = { readonly text: string; readonly isNumber: boolean };

const plain = (xml: string): string =>
  xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#13;', '\r')
    .replaceAll('&amp;', '&');

/** The rows of a sheet by column name (`A`, `B` …). */
function sheetCells(xml: string): Record<string, SheetCell>[] {
  return [...xml.matchAll(/<row r="\d+">(.*?)<\/row>/gs)].map(([, row = '']) =>
    Object.fromEntries(
      [
        ...row.matchAll(
          /<c r="([A-Z]+)\d+" s="\d+"(?: t="inlineStr")?>(?:<v>([^<]*)<\/v>|<is><t[^>]*>(.*?)<\/t><\/is>)<\/c>/gs,
        ),
      ].map(([, column = '', number, text]) => [
        column,
        { text: number ?? plain(text ?? ''), isNumber: number !== undefined },
      ]),
    ),
  );
}

/** The sheets of a workbook by name. */
export function workbookSheets(bytes: Buffer): Map<string, Record<string, SheetCell>[]> {
  const files = unzip(bytes);
  const names = [...(files.get('xl/workbook.xml') ?? '').matchAll(/<sheet name="([^"]*)" sheetId="(\d+)"/g)];
  return new Map(
    names.map(([, name = '', id]) => [plain(name), sheetCells(files.get(`xl/worksheets/sheet${id}.xml`) ?? '')]),
  );
}
