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
  journalUnknown: { what: '没有这张凭证。', safe: '没有任何改动。', todo: '请核对凭证键，在总账里搜索后再试。' },
  journalNotReversible: {
    what: '这一种凭证不能冲销。',
    safe: '没有任何改动，原凭证不变。',
    todo: '预订、用量和账单有各自的更正办法，请用退回、修订或贷项通知单。',
  },
  reversalNotExact: {
    what: '冲销与原凭证不一致，系统没有记。',
    safe: '没有任何改动。',
    todo: '请把查询编号告诉我们。',
  },
  creditLineUnknown: {
    what: '没有这个额度申请。',
    safe: '没有任何改动，现有额度不变。',
    todo: '请刷新页面，从列表里选择。',
  },
  creditLineDecided: {
    what: '这个额度申请已经有了结果。',
    safe: '没有再次改动。',
    todo: '请刷新页面查看；要再改，请新提一个申请。',
  },
  creditLineSamePerson: {
    what: '额度不能由提出的人自己批准。',
    safe: '没有任何改动，申请仍在等待。',
    todo: '请让另一位管理员批准，或者由您撤回。',
  },
  creditLineInUse: {
    what: '已经用掉的额度比新的额度多。',
    safe: '没有任何改动，现有额度不变，申请仍在等待。',
    todo: '请等客户还款之后再批准，或提出不低于已用数的额度。',
  },
  creditLineWaiting: {
    what: '这个组织已有一个同类的额度申请在等待。',
    safe: '没有任何改动，等待的申请不变。',
    todo: '请先批准或拒绝那一个。',
  },
  creditLimitOutOfRange: {
    what: '额度应在0元和100亿元之间。',
    safe: '没有任何改动。',
    todo: '请改正金额，并写明原因。',
  },
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
  journalUnknown: {
    what: 'There is no such journal.',
    safe: 'Nothing was changed.',
    todo: 'Check its key: search the ledger for it and try again.',
  },
  journalNotReversible: {
    what: 'A journal of this kind is not reversed.',
    safe: 'Nothing was changed, and the journal stands.',
    todo: 'Reservations, usage and invoices have corrections of their own: a return, a revision or a credit note.',
  },
  reversalNotExact: {
    what: 'The reversal does not match its original and was not posted.',
    safe: 'Nothing was changed.',
    todo: 'Please tell us the reference.',
  },
  creditLineUnknown: {
    what: 'There is no such proposal.',
    safe: 'Nothing was changed, and the credit line stays as it is.',
    todo: 'Reload the page and choose from the list.',
  },
  creditLineDecided: {
    what: 'This proposal was decided already.',
    safe: 'Nothing was changed a second time.',
    todo: 'Reload the page to see the outcome; for another change make a new proposal.',
  },
  creditLineSamePerson: {
    what: 'Whoever proposes a credit line cannot approve it.',
    safe: 'Nothing was changed, and the proposal still waits.',
    todo: 'Ask another administrator to approve it, or decline it yourself.',
  },
  creditLineInUse: {
    what: 'More of the credit line is in use than the new limit would allow.',
    safe: 'Nothing was changed: the credit line stays as it is, and the proposal still waits.',
    todo: 'Approve it after the customer has paid, or propose a limit of at least what is in use.',
  },
  creditLineWaiting: {
    what: 'A proposal of this kind already waits for this organisation.',
    safe: 'Nothing was changed, and the waiting proposal stays as it is.',
    todo: 'Approve or decline that one first.',
  },
  creditLimitOutOfRange: {
    what: 'A credit line lies between ¥0 and ¥10 billion.',
    safe: 'Nothing was changed.',
    todo: 'Correct the amount and give a reason.',
  },
};
