import type { Translation } from '../shape.ts';

/** Hours that nobody charged. */
export const zh = {
  gapUnknown: {
    what: '这一小时没有漏计：已经计费，或者每小时计费还没有算到它。',
    safe: '没有补收，也没有改动。',
    todo: '请刷新页面，看还有哪些漏计的小时。',
  },
  gapWaiverWaits: {
    what: '这一小时已有人提议免收，正等第二个人复核。',
    safe: '没有补收，也没有改动。',
    todo: '请先在审批页同意或不同意那个提议。',
  },
  gapOfRefunded: {
    what: '这一小时属于已经全额退订的包期，不能补收。',
    safe: '没有补收，也没有改动，退回的钱不变。',
    todo: '请提议免收这一小时，由另一位同事同意。',
  },
  gapUnpaid: {
    what: '客户冻结的款和钱包都不够付这一小时。',
    safe: '没有扣款，也没有改动。',
    todo: '请在客户充值之后再补收，或者提议免收。',
  },
  waiverUnknown: { what: '没有这个免收提议。', safe: '什么都没有改动。', todo: '请刷新审批页。' },
  waiverDecided: { what: '这个免收提议已经有了结论。', safe: '结论没有改变。', todo: '不用再做什么。' },
  waiverSamePerson: {
    what: '提议的人不能自己同意。',
    safe: '没有免收，也没有改动。',
    todo: '请另一位同事复核；您可以撤回提议。',
  },
} as const;

export const en: Translation<typeof zh> = {
  gapUnknown: {
    what: 'This hour is not left out: it is charged, or the hourly run has not come to it yet.',
    safe: 'Nothing was charged and nothing was changed.',
    todo: 'Load the page again to see which hours are left out.',
  },
  gapWaiverWaits: {
    what: 'Somebody proposed to waive this hour, and a second person has not decided yet.',
    safe: 'Nothing was charged and nothing was changed.',
    todo: 'Agree to that proposal or decline it on the approvals page first.',
  },
  gapOfRefunded: {
    what: 'This hour belongs to a term that was refunded in full: it is not charged.',
    safe: 'Nothing was charged, nothing was changed, and what went back stays.',
    todo: 'Propose to waive it; a colleague agrees.',
  },
  gapUnpaid: {
    what: 'Neither what the customer set aside nor the wallet pays for this hour.',
    safe: 'Nothing was taken and nothing was changed.',
    todo: 'Charge it once the wallet is topped up, or propose to waive it.',
  },
  waiverUnknown: {
    what: 'There is no such waiver.',
    safe: 'Nothing was changed.',
    todo: 'Load the approvals page again.',
  },
  waiverDecided: {
    what: 'This waiver is decided.',
    safe: 'The decision stands.',
    todo: 'There is nothing left to do.',
  },
  waiverSamePerson: {
    what: 'Whoever proposed it cannot agree to it.',
    safe: 'Nothing was waived and nothing was changed.',
    todo: 'Ask a colleague to decide; you can take your proposal back.',
  },
};
