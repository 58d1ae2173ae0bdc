import type { Translation } from '../shape.ts';

/** What keeps a booking from being changed, besides what keeps it from being made. */
export const zh = {
  reservationOffered: {
    what: '这个预订正在转让给别的组织。',
    safe: '没有任何改动，没有扣款。',
    todo: '请先撤回转让，再做改动。',
  },
  transferToSelf: { what: '预订已经属于这个组织。', safe: '没有任何改动。', todo: '请填另一个组织的地址。' },
  transferOfAgreedPrice: {
    what: '这个预订按贵组织的协议价购买，不能转让。',
    safe: '没有任何改动，没有扣款。',
    todo: '不再需要时请取消或退还，按公布的规则退款；对方可以自己预订。',
  },
  transferUnknown: {
    what: '这份转让不存在，或已经结束。',
    safe: '没有任何改动，没有扣款。',
    todo: '请刷新页面；需要时请对方再转一次。',
  },
  organisationUnknown: {
    what: '没有这个地址的组织。',
    safe: '没有任何改动。',
    todo: '请向对方核对控制台地址里的组织名。',
  },
  lastEndTooEarly: {
    what: '最晚结束时间早于延长一步之后的结束时间。',
    safe: '没有任何改动。',
    todo: '请选更晚的时间，或缩短一步。',
  },
  priceAboveCap: {
    what: '延长一步的单价是每卡时{neededUnits}，高于所设的上限{capUnits}。',
    safe: '没有任何改动，没有扣款。',
    todo: '请提高上限，或在别的时间延长。',
  },
} as const;

export const en: Translation<typeof zh> = {
  reservationOffered: {
    what: 'The reservation is being offered to another organisation.',
    safe: 'Nothing was changed or charged.',
    todo: 'Take the offer back first.',
  },
  transferToSelf: {
    what: 'The reservation belongs to this organisation already.',
    safe: 'Nothing was changed.',
    todo: 'Enter the address of another organisation.',
  },
  transferOfAgreedPrice: {
    what: 'The reservation has a price that was agreed with your organisation alone, so it cannot be handed over.',
    safe: 'Nothing was changed or charged.',
    todo: 'Cancel it or give hours back by the published rules; the other organisation can reserve for itself.',
  },
  transferUnknown: {
    what: 'There is no such offer, or it is over.',
    safe: 'Nothing was changed or charged.',
    todo: 'Reload the page; if you need it, ask them to offer it again.',
  },
  organisationUnknown: {
    what: 'There is no organisation with this address.',
    safe: 'Nothing was changed.',
    todo: 'Ask them for the name in the address of their console.',
  },
  lastEndTooEarly: {
    what: 'The last end lies before the end of the next step.',
    safe: 'Nothing was changed.',
    todo: 'Choose a later last end, or a shorter step.',
  },
  priceAboveCap: {
    what: 'The next step costs {neededUnits} per card-hour, above the cap of {capUnits}.',
    safe: 'Nothing was changed or charged.',
    todo: 'Raise the cap, or extend for another time.',
  },
};
