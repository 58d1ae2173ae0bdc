import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { renderInvoicePdf } from './invoice-pdf.ts';
import { lineOf, snapshotWith } from './testing.ts';

const HASH = 'a'.repeat(64);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The streams of a document as text: what stands between `stream` and `endstream`, inflated. */
function streamsOf(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  return [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body = '']) => {
    const raw = Buffer.from(body, 'latin1');
    return raw[0] === 0x78 ? inflateSync(raw).toString('latin1') : '';
  });
}

/** The characters that the document's fonts map back to text: what can be selected and searched. */
function selectable(bytes: Uint8Array): Set<string> {
  const maps = streamsOf(bytes).filter((stream) => stream.includes('beginbfrange'));
  const codes = maps.flatMap((map) => [...map.matchAll(/<([0-9a-f]{4,})>/g)].map(([, code = '']) => code));
  return new Set(codes.flatMap((code) => [...Buffer.from(code, 'hex').swap16().toString('utf16le')]));
}

const pages = (bytes: Uint8Array): number =>
  [
    ...Buffer.from(bytes)
      .toString('latin1')
      .matchAll(/\/Type \/Page\b/g),
  ].length;

describe('the PDF of an invoice', () => {
  test('is the same bytes for the same snapshot, whenever it is rendered', async () => {
    const first = await renderInvoicePdf(snapshotWith(), HASH);
    expect(Buffer.from(first).subarray(0, 5).toString()).toBe('%PDF-');
    expect(sha256(await renderInvoicePdf(snapshotWith(), HASH))).toBe(sha256(first));
    expect(sha256(await renderInvoicePdf(snapshotWith({ number: 'KS-2026-000008' }), HASH))).not.toBe(sha256(first));
  });

  test('is dated by its issue', async () => {
    const text = Buffer.from(await renderInvoicePdf(snapshotWith(), HASH)).toString('latin1');
    expect([...text.matchAll(/\(D:(\d{14})Z/g)].map(([, date]) => date)).toEqual(['20261102040000', '20261102040000']);
  });

  test('has its Chinese text as text', async () => {
    const found = selectable(await renderInvoicePdf(snapshotWith(), HASH));
    for (const character of '账单星图智能壹万陆仟元整抹零示例电信') expect(found, character).toContain(character);
  });

  test('says what the list would have come to where a price was agreed', async () => {
    const agreed = lineOf(1, { listPriceE10PerCardHour: '250000000000', listUnits: '1600000694444' });
    const found = selectable(await renderInvoicePdf(snapshotWith({ lines: [agreed] }), HASH));
    for (const character of '目录价协议优惠') expect(found, character).toContain(character);
    const plain = selectable(await renderInvoicePdf(snapshotWith(), HASH));
    expect(plain).not.toContain('优');
  });

  test('goes on over more sheets when there are many lines', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => lineOf(i + 1));
    expect(pages(await renderInvoicePdf(snapshotWith({ lines }), HASH))).toBeGreaterThan(2);
    expect(pages(await renderInvoicePdf(snapshotWith(), HASH))).toBe(1);
  });

  test.each([
    ['an emoji', '算力🚀'],
    ['a rare character', '𪛖科技'],
    ['half a character', 'x\ud800y'],
    ['control characters', 'a\u0000b\u001b\r\nc'],
    ['right to left', 'شركة'],
    ['a very long word', 'x'.repeat(400)],
    ['nothing', ''],
  ])('does not stumble over %s in a name', async (_, name) => {
    const bytes = await renderInvoicePdf(snapshotWith({ buyer: { organisationId: 'org_1', name } }), HASH);
    expect(pages(bytes)).toBe(1);
  });
});
