import { describe, expect, test } from 'vitest';
import { announcedAnswer, answeredIn, answerIn } from './announced-answer.ts';
import type { Answer } from './command-types.ts';

const ACCEPTED: Answer = { ok: true, value: { reservationId: 'rsv_1' } };

describe('the announcement of an answer', () => {
  test('says whose answer it is, and the answer', () => {
    const text = announcedAnswer('cmd_1', ACCEPTED);
    expect([answeredIn(text), answerIn(text)]).toEqual(['cmd_1', ACCEPTED]);
  });

  test('keeps spaces of the answer, in any script', () => {
    const answer: Answer = { ok: true, value: { reservationId: 'rsv 已 结束 {}' } };
    expect(answerIn(announcedAnswer('cmd_2', answer))).toEqual(answer);
  });

  test('names the command alone when the answer has more bytes than an announcement carries', () => {
    const long = { ok: true, value: { reservationId: '卡'.repeat(2_600) } } as const;
    const longer = { ok: true, value: { reservationId: '卡'.repeat(2_700) } } as const;
    expect(Buffer.byteLength(announcedAnswer('cmd_3', long))).toBeLessThan(8_000);
    expect(answerIn(announcedAnswer('cmd_3', long))).toEqual(long);
    expect([answeredIn(announcedAnswer('cmd_3', longer)), answerIn(announcedAnswer('cmd_3', longer))]).toEqual([
      'cmd_3',
      null,
    ]);
  });
});
