import type { Translation } from '../shape.ts';

export const zh = {
  journalKeyReused: {
    what: '同一个编号已经用来做了另一件事。',
    safe: '这一次没有扣款，也没有改动。',
    todo: '请刷新页面，核对结果后重新提交。',
  },
  monthClosed: {
    what: '这个月已经结账。',
    safe: '没有任何改动，已出的账单不变。',
    todo: '更正会记入当前账期，请联系财务。',
  },
  insufficientFunds: { what: '钱包余额不够。', safe: '没有扣款，也没有冻结。', todo: '请先充值，或减少卡数和时长。' },
  holdResolved: { what: '这笔冻结已经结清。', safe: '没有任何改动。', todo: '请刷新页面查看结果。' },
  journalUnbalanced: { what: '这笔账不平，系统没有记。', safe: '没有任何改动。', todo: '请把查询编号告诉我们。' },
  pairNotPermitted: { what: '这两个科目之间不能记账。', safe: '没有任何改动。', todo: '请把查询编号告诉我们。' },
} as const;

export const en: Translation<typeof zh> = {
  journalKeyReused: {
    what: 'The same number was already used for something else.',
    safe: 'Nothing was charged or changed this time.',
    todo: 'Reload the page, look at the result and submit again.',
  },
  monthClosed: {
    what: 'This month is closed.',
    safe: 'Nothing was changed, and issued invoices stay as they are.',
    todo: 'Corrections go into the current period: please ask finance.',
  },
  insufficientFunds: {
    what: 'The wallet does not hold enough.',
    safe: 'Nothing was charged or held.',
    todo: 'Top up first, or take fewer cards or hours.',
  },
  holdResolved: {
    what: 'This hold is already settled.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page to see the result.',
  },
  journalUnbalanced: {
    what: 'The entry does not balance and was not posted.',
    safe: 'Nothing was changed.',
    todo: 'Please tell us the reference.',
  },
  pairNotPermitted: {
    what: 'These two accounts do not post to one another.',
    safe: 'Nothing was changed.',
    todo: 'Please tell us the reference.',
  },
};
