import { FILE_BYTES_MAX, type FileFormat } from './types.ts';

const startsWith = (bytes: Uint8Array, signature: string): boolean =>
  [...signature].every((character, i) => bytes[i] === character.charCodeAt(0));

/**
 * What a document is, by its own bytes and never by its name: a PDF, an OFD (a ZIP with `OFD.xml`), or an XML; null for
 * anything else, for nothing, and for what is too large.
 */
export function formatOf(bytes: Uint8Array): FileFormat | null {
  if (bytes.length === 0 || bytes.length > FILE_BYTES_MAX) return null;
  if (startsWith(bytes, '%PDF-')) return 'pdf';
  if (startsWith(bytes, 'PK\u0003\u0004')) return Buffer.from(bytes).includes('OFD.xml') ? 'ofd' : null;
  const text = new TextDecoder()
    .decode(bytes.subarray(0, 200))
    .replace(/^\ufeff/, '')
    .trimStart();
  return text.startsWith('<?xml') ? 'xml' : null;
}
