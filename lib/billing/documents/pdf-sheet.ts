import 'server-only';
import path from 'node:path';
import PDFDocument from 'pdfkit';
import { type Instant, toDate } from '#lib/core/instant.ts';

/** A4 in points, with its margins. */
export const SHEET = { width: 595.28, height: 841.89, left: 48, right: 547.28, top: 48, bottom: 776 } as const;
export const INK = { text: '#1b1d22', quiet: '#61656e', line: '#d5d8de', band: '#f3f4f7' } as const;

/** TTF, because pdfkit takes half a minute over WOFF. Only the glyphs that are used go into the file. */
const FONTS = path.resolve('node_modules/@expo-google-fonts/noto-sans-sc');
const FACES = {
  regular: path.join(FONTS, '400Regular/NotoSansSC_400Regular.ttf'),
  medium: path.join(FONTS, '500Medium/NotoSansSC_500Medium.ttf'),
} as const;

export type Face = keyof typeof FACES;

export type TextStyle = {
  readonly size?: number;
  readonly face?: Face;
  readonly colour?: string;
  readonly align?: 'left' | 'right';
};

export type Box = { readonly x: number; readonly y: number; readonly width: number };

/**
 * A document on A4 sheets that comes out the same every time: its date is the document's own, never today's. Positions
 * are points from the upper left corner.
 */
export class Sheets {
  readonly #doc: PDFKit.PDFDocument;

  constructor(info: { readonly title: string; readonly author: string; readonly at: Instant }) {
    const [CreationDate, ModDate] = [toDate(info.at), toDate(info.at)];
    this.#doc = new PDFDocument({
      size: [SHEET.width, SHEET.height],
      margin: 0,
      bufferPages: true,
      pdfVersion: '1.7',
      lang: 'zh-CN',
      displayTitle: true,
      info: { Title: info.title, Author: info.author, Creator: 'Kashi', Producer: 'Kashi', CreationDate, ModDate },
    });
    for (const [face, file] of Object.entries(FACES)) this.#doc.registerFont(face, file);
  }

  #style({ size = 9, face = 'regular', colour = INK.text }: TextStyle): void {
    this.#doc.font(face).fontSize(size).fillColor(colour);
  }

  /** Writes text into a box, wrapped at its width; answers the y below it. */
  write(text: string, box: Box, style: TextStyle = {}): number {
    this.#style(style);
    const { x, y, width } = box;
    const options = { width, align: style.align ?? 'left', lineGap: 1 } as const;
    this.#doc.text(text, x, y, options);
    return y + this.#doc.heightOfString(text, options);
  }

  /** How high text would stand in a width. */
  heightOf(text: string, width: number, style: TextStyle = {}): number {
    this.#style(style);
    return this.#doc.heightOfString(text, { width, lineGap: 1 });
  }

  /** A rule across the sheet. */
  rule(y: number, from: number = SHEET.left, to: number = SHEET.right): void {
    this.#doc.moveTo(from, y).lineTo(to, y).lineWidth(0.6).strokeColor(INK.line).stroke();
  }

  /** A tinted area across the sheet. */
  band(y: number, height: number): void {
    this.#doc.rect(SHEET.left, y, SHEET.right - SHEET.left, height).fill(INK.band);
  }

  nextSheet(): void {
    this.#doc.addPage();
  }

  /** Writes on every sheet when all are there, and closes the document. */
  async finish(eachSheet: (number: number, count: number) => void): Promise<Uint8Array> {
    const chunks: Buffer[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    this.#doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    this.#doc.on('end', () => resolve(Buffer.concat(chunks)));
    this.#doc.on('error', reject);
    const { start, count } = this.#doc.bufferedPageRange();
    for (let index = 0; index < count; index += 1) {
      this.#doc.switchToPage(start + index);
      eachSheet(index + 1, count);
    }
    this.#doc.end();
    return promise;
  }
}
