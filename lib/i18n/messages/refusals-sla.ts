import type { Translation } from '../shape.ts';

/** Published tables of credits, and what keeps a month open because of credits. */
export const zh = {
  creditsMissing: {
    what: '这个月的可用率赔偿还没有发放完。',
    safe: '没有出账单，也没有改动；已发放的赔偿在客户钱包里。',
    todo: '引擎会自动发放，请稍候再试；如果一直不动，请运维查看引擎。',
  },
  slaTiersWrong: {
    what: '赔偿标准不成表。',
    safe: '没有任何改动，公布的标准不变。',
    todo: '每行写一个可用率和一个赔偿比例，例如“99.9 10”；可用率从高到低，比例从低到高，最多6行，并写明原因。',
  },
  slaMonthBegun: {
    what: '这个月已经开始，它的标准不能再改。',
    safe: '没有任何改动，已公布的标准继续有效。',
    todo: '请选择之后的月份。',
  },
  slaSkuUnknown: { what: '没有这种商品在售。', safe: '没有任何改动。', todo: '请刷新页面，从列表里选择。' },
  slaWaiting: { what: '已有一个标准在等待批准。', safe: '没有任何改动。', todo: '请先批准或不批准那一个。' },
  slaUnknown: { what: '没有这个标准。', safe: '没有任何改动。', todo: '请刷新页面。' },
  slaDecided: { what: '这个标准已经有了结果。', safe: '没有再次改动。', todo: '请刷新页面查看。' },
  slaSamePerson: {
    what: '标准不能由提出的人自己批准。',
    safe: '没有任何改动，申请仍在等待。',
    todo: '请让另一位同事批准，或者由您撤回。',
  },
} as const;

export const en: Translation<typeof zh> = {
  creditsMissing: {
    what: 'Not all credits for broken availability of this month are given.',
    safe: 'No invoice was issued and nothing was changed. What was credited is in the wallets.',
    todo: 'The engine gives them by itself: try again in a moment. If it does not move, ask operations to look at the engine.',
  },
  slaTiersWrong: {
    what: 'These lines are no table.',
    safe: 'Nothing was changed, and what is published stays.',
    todo: 'Write one availability and one share a line, such as “99.9 10”: availability falling, shares rising, at most 6 lines; and give a reason.',
  },
  slaMonthBegun: {
    what: 'That month has begun, and its table cannot change any more.',
    safe: 'Nothing was changed, and what is published stays in force.',
    todo: 'Choose a later month.',
  },
  slaSkuUnknown: {
    what: 'Nothing of that kind is sold.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page and choose from the list.',
  },
  slaWaiting: {
    what: 'A table waits for a decision already.',
    safe: 'Nothing was changed.',
    todo: 'Approve or decline that one first.',
  },
  slaUnknown: { what: 'There is no such table.', safe: 'Nothing was changed.', todo: 'Reload the page.' },
  slaDecided: {
    what: 'This table was decided already.',
    safe: 'Nothing was changed a second time.',
    todo: 'Reload the page to see the outcome.',
  },
  slaSamePerson: {
    what: 'Whoever proposes a table cannot approve it.',
    safe: 'Nothing was changed, and it still waits.',
    todo: 'Ask a colleague to approve it, or decline it yourself.',
  },
};
