import { invariant } from './assert.ts';

/** Every id begins with the prefix of its noun, so that a stray id explains itself in a log. */
export const ID_PREFIXES = {
  organisation: 'org',
  user: 'usr',
  invitation: 'ivt',
  session: 'ses',
  apiKey: 'key',
  site: 'sit',
  place: 'plc',
  pool: 'pol',
  server: 'nod',
  card: 'crd',
  sku: 'sku',
  priceVersion: 'prv',
  priceAgreement: 'pra',
  image: 'img',
  quote: 'quo',
  command: 'cmd',
  reservation: 'rsv',
  allocation: 'alc',
  workload: 'wkl',
  job: 'job',
  project: 'prj',
  payment: 'pay',
  bankLine: 'bnk',
  invoice: 'inv',
  fapiao: 'fap',
  fapiaoTitle: 'fpt',
  fapiaoBatch: 'fpb',
  fault: 'flt',
  deviceRequest: 'dvr',
  maintenanceWindow: 'mnt',
  drainPlan: 'drn',
  creditLine: 'crl',
  creditNote: 'crn',
  promoGrant: 'prm',
  voucherProgramme: 'vpr',
  voucherCode: 'vcd',
  refund: 'rfd',
  dispute: 'dsp',
  compensation: 'cmp',
  reversalRequest: 'rvr',
  reopening: 'rop',
  hourWaiver: 'hwv',
  settlementFile: 'stf',
  arrearsPolicy: 'arp',
  slaPolicy: 'slp',
  termRefundPolicy: 'trp',
  notice: 'ntc',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** An id of one kind of noun, for instance `rsv_01JD…`. */
export type Id<K extends IdKind> = string & { readonly __id: K };

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const BODY = /^[0-9a-z][0-9a-z-]{0,47}$/;

/** Encodes bytes in lower-case Crockford base 32, most significant bit first. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += CROCKFORD[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + CROCKFORD[(buffer << (5 - bits)) & 31] : text;
}

/** Builds an id from its creation time and 10 random bytes; ids of one kind sort by time. */
export function makeId<K extends IdKind>(kind: K, epochMs: number, random: Uint8Array): Id<K> {
  invariant(random.length === 10, 'an id takes 10 random bytes');
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(epochMs) << 16n);
  bytes.set(random, 6);
  return `${ID_PREFIXES[kind]}_${toBase32(bytes)}` as Id<K>;
}

/** Reads text as an id of one kind; null when prefix or shape do not fit. */
export function parseId<K extends IdKind>(kind: K, text: string): Id<K> | null {
  const prefix = `${ID_PREFIXES[kind]}_`;
  return text.startsWith(prefix) && BODY.test(text.slice(prefix.length)) ? (text as Id<K>) : null;
}

/** Takes text from our own database as an id; throws when it is not one. */
export function idFrom<K extends IdKind>(kind: K, text: string): Id<K> {
  const id = parseId(kind, text);
  invariant(id !== null, `${JSON.stringify(text)} is not a ${kind} id`);
  return id;
}
