import type { Translation } from '../shape.ts';

/** What keeps a price from being agreed with a customer. */
export const zh = {
  agreementOrganisationUnknown: {
    what: '没有这个地址的组织。',
    safe: '没有任何改动。',
    todo: '请核对客户控制台地址里的组织名。',
  },
  agreementSkuUnknown: { what: '没有在售的这个商品。', safe: '没有任何改动。', todo: '请从列表里选择。' },
  agreementPriceOutOfRange: {
    what: '协议价不在范围内。',
    safe: '没有任何改动，客户仍按现在的价格。',
    todo: '百分比要大于0、小于100；固定单价只能用于单个商品，要大于0、低于目录价。',
  },
  agreementPeriodInvalid: {
    what: '结束时间不晚于开始时间。',
    safe: '没有任何改动。',
    todo: '请把结束时间改到开始之后、现在之后，并用整秒。',
  },
  agreementRetroactive: {
    what: '协议价不能从过去开始，也不能在批准时已经结束。',
    safe: '没有任何改动，已有的报价和预订不变。',
    todo: '请重新提出，开始时间留空（批准时起）或填将来的时间。',
  },
  agreementTextMissing: { what: '没有写合同编号或原因。', safe: '没有任何改动。', todo: '请补上再提交。' },
  agreementWaiting: {
    what: '这个组织的这个商品已有一个协议价在等待批准。',
    safe: '没有任何改动。',
    todo: '请先批准或不批准那一个。',
  },
  agreementUnknown: { what: '没有这个协议价。', safe: '没有任何改动。', todo: '请刷新页面，从列表里选择。' },
  agreementDecided: { what: '这个协议价已经有了结果。', safe: '没有再次改动。', todo: '请刷新页面查看。' },
  agreementSamePerson: {
    what: '协议价不能由提出的人自己批准。',
    safe: '没有任何改动，申请仍在等待。',
    todo: '请让另一位同事批准，或者由您撤回。',
  },
  agreementNotInForce: {
    what: '这个协议价已经结束，或从未批准。',
    safe: '没有任何改动。',
    todo: '请刷新页面查看它的状态。',
  },
} as const;

export const en: Translation<typeof zh> = {
  agreementOrganisationUnknown: {
    what: 'There is no organisation with this address.',
    safe: 'Nothing was changed.',
    todo: 'Check the name in the address of the customer’s console.',
  },
  agreementSkuUnknown: {
    what: 'Nothing is sold under this SKU.',
    safe: 'Nothing was changed.',
    todo: 'Choose from the list.',
  },
  agreementPriceOutOfRange: {
    what: 'The agreed price is out of range.',
    safe: 'Nothing was changed; the customer pays what it pays now.',
    todo: 'Enter per cent above 0 and below 100, or for a single SKU a price above 0 and below the list.',
  },
  agreementPeriodInvalid: {
    what: 'The end is not after the beginning.',
    safe: 'Nothing was changed.',
    todo: 'Enter an end after the beginning and after now, on a whole second.',
  },
  agreementRetroactive: {
    what: 'An agreed price cannot begin in the past, nor be over when it is approved.',
    safe: 'Nothing was changed; quotes and reservations stay as they are.',
    todo: 'Propose it again, with no beginning (from its approval on) or one that is still ahead.',
  },
  agreementTextMissing: {
    what: 'The contract number or the reason is missing.',
    safe: 'Nothing was changed.',
    todo: 'Enter it and send again.',
  },
  agreementWaiting: {
    what: 'A price for this organisation and SKU waits for approval already.',
    safe: 'Nothing was changed.',
    todo: 'Approve or decline that one first.',
  },
  agreementUnknown: {
    what: 'There is no such agreed price.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page and choose from the list.',
  },
  agreementDecided: {
    what: 'This agreed price was decided already.',
    safe: 'Nothing was changed again.',
    todo: 'Reload the page to see it.',
  },
  agreementSamePerson: {
    what: 'Who proposed a price cannot approve it.',
    safe: 'Nothing was changed; the proposal still waits.',
    todo: 'Ask a colleague to approve it, or take it back.',
  },
  agreementNotInForce: {
    what: 'This agreed price is over, or was never approved.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page to see how it stands.',
  },
};
