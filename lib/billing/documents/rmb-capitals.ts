import { invariant } from '#lib/core/assert.ts';
import type { Fen } from '#lib/core/money.ts';

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
/** 10^16 yuan: more than all the money there is, and more than four groups of four digits can say. */
const YUAN_LIMIT = 10_000_000_000_000_000n;

const digitOf = (value: bigint): string => DIGITS[Number(value)] ?? '';

/** A group of four digits, without the zero that may stand before it: 1005 is 壹仟零伍. */
function groupText(group: bigint): string {
  let text = '';
  let isZeroPending = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = (group / 10n ** BigInt(place)) % 10n;
    if (digit === 0n) {
      isZeroPending = text !== '';
      continue;
    }
    if (isZeroPending) text += '零';
    isZeroPending = false;
    text += digitOf(digit) + (PLACES[place] ?? '');
  }
  return text;
}

/** Whole yuan above zero: groups of four digits under 万, 亿 and 万亿. A run of zeros reads as one 零. */
function wholeText(yuan: bigint): string {
  let text = '';
  let isZeroPending = false;
  for (let index = 3; index >= 0; index -= 1) {
    const group = (yuan / 10_000n ** BigInt(index)) % 10_000n;
    if (group === 0n) isZeroPending = text !== '';
    else {
      if (text !== '' && (isZeroPending || group < 1_000n)) text += '零';
      isZeroPending = false;
      text += groupText(group) + (index % 2 === 1 ? '万' : '');
    }
    if (index === 2 && text !== '') text += '亿';
  }
  return text;
}

/**
 * An amount in the capitals (大写) of Chinese documents: 人民币壹佰贰拾叁元肆角伍分. Whole yuan and whole jiao end in 整;
 * a 零 stands between yuan and fen when there is no jiao. Where the rule leaves 零 to the writer, it is left out.
 */
export function rmbCapitals(amount: Fen): string {
  const absolute = amount < 0n ? -amount : amount;
  const [yuan, jiao, fen] = [absolute / 100n, (absolute / 10n) % 10n, absolute % 10n];
  invariant(yuan < YUAN_LIMIT, 'an amount can be written in capitals');
  const parts = [amount < 0n ? '人民币负' : '人民币'];
  if (yuan > 0n) parts.push(wholeText(yuan), '元');
  if (yuan === 0n && jiao === 0n && fen === 0n) parts.push('零元');
  if (jiao > 0n) parts.push(digitOf(jiao), '角');
  else if (yuan > 0n && fen > 0n) parts.push('零');
  parts.push(fen > 0n ? `${digitOf(fen)}分` : '整');
  return parts.join('');
}
