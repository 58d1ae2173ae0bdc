import type { Translation } from '../shape.ts';

/** Refunds of unused money, and the policy of what happens when money runs out. */
export const zh = {
  refundUnknown: { what: '没有这笔退款申请。', safe: '没有任何改动。', todo: '请刷新页面，从列表里选择。' },
  refundNotInState: {
    what: '这笔退款已经不在这一步。',
    safe: '没有任何改动，没有重复付款。',
    todo: '请刷新页面查看它的结果。',
  },
  refundTooMuch: {
    what: '这条路最多可以退{maxFen}。',
    safe: '没有任何改动，钱还在钱包里。',
    todo: '请填0.01元到{maxFen}之间的金额；赠送和补偿只能用，不能退。',
  },
  refundPayeeUnknown: {
    what: '收款户名不是付过款的户名。',
    safe: '没有任何改动，钱还在钱包里。',
    todo: '对公转账的钱只退回付款人；请从列表里选户名，或联系财务。',
  },
  refundSamePerson: {
    what: '五万元以上，批准和付款不能是同一个人。',
    safe: '没有付款，也没有改动。',
    todo: '请另一位财务同事登记付款。',
  },
  refundReferenceUsed: { what: '这个银行流水号已经登记过另一笔退款。', safe: '没有重复登记。', todo: '请核对流水号。' },
  refundReasonMissing: { what: '没有写原因。', safe: '没有任何改动。', todo: '请写明原因，客户会看到。' },
  policyOutOfRange: {
    what: '政策超出范围。',
    safe: '没有任何改动，现行政策不变。',
    todo: '第一次预警要早于最后预警，最多168小时；宽限0到72小时；保留1到90天。',
  },
  policyWaiting: { what: '已有一个改动在等待批准。', safe: '没有任何改动。', todo: '请先批准或不批准那一个。' },
  policyUnknown: { what: '没有这个改动。', safe: '没有任何改动，现行政策不变。', todo: '请刷新页面。' },
  policyDecided: { what: '这个改动已经有了结果。', safe: '没有再次改动。', todo: '请刷新页面查看。' },
  policySamePerson: {
    what: '改动不能由提出的人自己批准。',
    safe: '没有任何改动，申请仍在等待。',
    todo: '请让另一位同事批准，或者由您撤回。',
  },
} as const;

export const en: Translation<typeof zh> = {
  refundUnknown: {
    what: 'There is no such refund.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page and choose from the list.',
  },
  refundNotInState: {
    what: 'This refund is past that step.',
    safe: 'Nothing was changed, and nothing was paid twice.',
    todo: 'Reload the page to see what became of it.',
  },
  refundTooMuch: {
    what: 'At most {maxFen} can go back this way.',
    safe: 'Nothing was changed; the money is in the wallet.',
    todo: 'Enter an amount between ¥0.01 and {maxFen}. Gifts and credits can be spent, and not taken out.',
  },
  refundPayeeUnknown: {
    what: 'The account’s holder is nobody who paid in.',
    safe: 'Nothing was changed; the money is in the wallet.',
    todo: 'Bank money goes back to whoever sent it: choose the name from the list, or ask finance.',
  },
  refundSamePerson: {
    what: 'Above ¥50,000 whoever pays is not who approved.',
    safe: 'Nothing was paid or changed.',
    todo: 'Ask a colleague of finance to record the payment.',
  },
  refundReferenceUsed: {
    what: 'This bank reference already stands for another refund.',
    safe: 'Nothing was recorded twice.',
    todo: 'Please check the reference.',
  },
  refundReasonMissing: {
    what: 'No reason is given.',
    safe: 'Nothing was changed.',
    todo: 'Write the reason: the customer will read it.',
  },
  policyOutOfRange: {
    what: 'The policy is out of range.',
    safe: 'Nothing was changed, and the policy in force stays.',
    todo: 'The first warning comes before the last and at most 168 h ahead; grace is 0 to 72 h; what is kept is kept 1 to 90 days.',
  },
  policyWaiting: {
    what: 'A change waits already.',
    safe: 'Nothing was changed.',
    todo: 'Approve or decline that one first.',
  },
  policyUnknown: {
    what: 'There is no such change.',
    safe: 'Nothing was changed, and the policy in force stays.',
    todo: 'Reload the page.',
  },
  policyDecided: {
    what: 'This change was decided already.',
    safe: 'Nothing was changed a second time.',
    todo: 'Reload the page to see the outcome.',
  },
  policySamePerson: {
    what: 'Whoever proposes a change cannot approve it.',
    safe: 'Nothing was changed, and it still waits.',
    todo: 'Ask a colleague to approve it, or decline it yourself.',
  },
};
