import type { Translation } from '../shape.ts';

/** Evidence that comes late. */
export const zh = {
  evidenceReasonMissing: {
    what: '没有写明依据。',
    safe: '证据和用量都没有改动。',
    todo: '请写明从哪里查到的，再提交。',
  },
  allocationUnknown: { what: '没有这个分配。', safe: '证据和用量都没有改动。', todo: '请核对分配的编号。' },
  evidenceRefunded: {
    what: '这份包期已经全额退订，没有要更正的费用。',
    safe: '证据和用量都没有改动，退回的钱不变。',
    todo: '不用再做什么。',
  },
  evidenceOutside: {
    what: '这段时间不在该分配已证明的范围内：{fromAt}至{untilAt}，以整秒计。',
    safe: '证据和用量都没有改动。',
    todo: '请把起止时间改在这个范围之内。',
  },
  evidenceKnown: {
    what: '这段时间的证据本来就是这样。',
    safe: '证据和用量都没有改动。',
    todo: '不用再做什么。',
  },
  lateChargeUnpaid: {
    what: '更正会让客户多付，而钱包余额不够。',
    safe: '证据和用量都没有改动，也没有扣款。',
    todo: '请在客户充值之后再提交，或者不补收。',
  },
} as const;

export const en: Translation<typeof zh> = {
  evidenceReasonMissing: {
    what: 'There is no reason.',
    safe: 'Neither evidence nor usage was changed.',
    todo: 'Say where it is known from, and send it again.',
  },
  allocationUnknown: {
    what: 'There is no such allocation.',
    safe: 'Neither evidence nor usage was changed.',
    todo: 'Check the id of the allocation.',
  },
  evidenceRefunded: {
    what: 'The term was refunded in full: there is nothing to put right.',
    safe: 'Neither evidence nor usage was changed, and what went back stays.',
    todo: 'There is nothing left to do.',
  },
  evidenceOutside: {
    what: 'The time does not lie, in whole seconds, within what is proven of the allocation: {fromAt} to {untilAt}.',
    safe: 'Neither evidence nor usage was changed.',
    todo: 'Name a time within it.',
  },
  evidenceKnown: {
    what: 'That is what the evidence says already.',
    safe: 'Neither evidence nor usage was changed.',
    todo: 'There is nothing left to do.',
  },
  lateChargeUnpaid: {
    what: 'The customer would pay more, and the wallet does not hold it.',
    safe: 'Neither evidence nor usage was changed, and nothing was taken.',
    todo: 'Send it again once the wallet is topped up, or let it be.',
  },
};
