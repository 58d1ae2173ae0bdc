import { describe, expect, test } from 'vitest';
import { announcedAnswers, answersIn } from './announced-answers.ts';
import type { Answer } from './command-types.ts';

const accepted = (reservationId: string): Answer => ({ ok: true, value: { reservationId } });
const all = (texts: readonly string[]) => texts.flatMap((text) => answersIn(text, () => true));
const bytesOf = (texts: readonly string[]) => Math.max(...texts.map((text) => Buffer.byteLength(text)));

describe('the announcement of answers', () => {
  test('of a round is one, and says whose each is', () => {
    const answered = Array.from({ length: 40 }, (_, n) => ({ commandId: `cmd_${n}`, answer: accepted(`rsv_${n}`) }));
    const texts = announcedAnswers(answered);
    expect(texts).toHaveLength(1);
    expect(all(texts)).toEqual(answered);
  });

  test('keeps spaces and line breaks of an answer, in any script', () => {
    const answered = [{ commandId: 'cmd_2', answer: accepted('rsv 已\n结束 {}') }];
    expect(all(announcedAnswers(answered))).toEqual(answered);
  });

  test('of many goes in several, each with room', () => {
    const answered = Array.from({ length: 128 }, (_, n) => ({
      commandId: `cmd_${n}`,
      answer: accepted('卡'.repeat(n)),
    }));
    const texts = announcedAnswers(answered);
    expect(bytesOf(texts)).toBeLessThan(8_000);
    expect(all(texts)).toEqual(answered);
  });

  test('names the command alone whose answer has more bytes than an announcement carries, and the others in full', () => {
    const long = { commandId: 'cmd_3', answer: accepted('卡'.repeat(2_600)) };
    const longer = { commandId: 'cmd_4', answer: accepted('卡'.repeat(2_700)) };
    const short = { commandId: 'cmd_5', answer: accepted('rsv_5') };
    const texts = announcedAnswers([long, longer, short]);
    expect(bytesOf(texts)).toBeLessThan(8_000);
    expect(all(texts)).toEqual([long, { commandId: 'cmd_4', answer: null }, short]);
  });

  test('is read for those who wait here only', () => {
    const [text = ''] = announcedAnswers([
      { commandId: 'cmd_6', answer: accepted('rsv_6') },
      { commandId: 'cmd_7', answer: accepted('rsv_7') },
    ]);
    expect(answersIn(text, (id) => id === 'cmd_7')).toEqual([{ commandId: 'cmd_7', answer: accepted('rsv_7') }]);
  });

  test('of nothing is none', () => {
    expect(announcedAnswers([])).toEqual([]);
  });
});
