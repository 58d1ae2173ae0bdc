import type { Translation } from '../shape.ts';

/** Terms by the card that are refunded whole within days of their purchase. */
export const zh = {
  refundNotATerm: {
    what: '这份预订不能全额退订：只有购买时公布可以退订的包期才可以。',
    safe: '没有任何改动，卡照常使用，费用照常。',
    todo: '可以提前释放，按公布的比例返还余下时间的价款；有疑问请联系财务。',
  },
  refundTooLate: {
    what: '全额退订要在购买后{windowDays}个24小时之内，这份预订已于{untilAt}（北京时间）过期。',
    safe: '没有任何改动，卡照常使用，已付的期价照常有效。',
    todo: '可以提前释放，按公布的比例返还余下时间的价款。',
  },
  refundUsedBefore: {
    what: '同一组织对同一种商品只能全额退订一次，这一次已经用过。',
    safe: '没有任何改动，卡照常使用，已付的期价照常有效。',
    todo: '可以提前释放，按公布的比例返还余下时间的价款。',
  },
  refundPartReturned: {
    what: '这份预订在使用中归还过一部分卡，已经按公布的比例返还过，不能再全额退订。',
    safe: '没有任何改动，已返还的钱仍在钱包里，其余的卡照常使用。',
    todo: '其余的卡可以照样归还或者提前释放；有疑问请联系财务。',
  },
  refundPolicyOutOfRange: {
    what: '退订规则不成立。',
    safe: '没有任何改动，现行的规则不变。',
    todo: '请至少选一种包期，天数写0到30的整数，并写明原因。',
  },
  refundPolicyWaiting: {
    what: '已有一条退订规则在等待批准。',
    safe: '没有任何改动，现行的规则不变。',
    todo: '请先批准或不批准那一条。',
  },
  refundPolicyUnknown: { what: '没有这条退订规则。', safe: '没有任何改动。', todo: '请刷新页面。' },
  refundPolicyDecided: { what: '这条退订规则已经有了结果。', safe: '没有再次改动。', todo: '请刷新页面查看。' },
  refundPolicySamePerson: {
    what: '退订规则不能由提出的人自己批准。',
    safe: '没有任何改动，申请仍在等待。',
    todo: '请让另一位同事批准，或者由您撤回。',
  },
} as const;

export const en: Translation<typeof zh> = {
  refundNotATerm: {
    what: 'This reservation is not refunded in full: only terms are for which that was published when they were bought.',
    safe: 'Nothing was changed: the cards are yours as before, at the same price.',
    todo: 'Release it early to be credited the published share of what is left, or ask finance.',
  },
  refundTooLate: {
    what: 'A term is refunded in full within {windowDays} times 24 hours of its purchase: here until {untilAt} (Beijing time).',
    safe: 'Nothing was changed: the cards are yours as before, and what was paid stands.',
    todo: 'Release it early to be credited the published share of what is left.',
  },
  refundUsedBefore: {
    what: 'An organisation is refunded in full once for each product, and yours was.',
    safe: 'Nothing was changed: the cards are yours as before, and what was paid stands.',
    todo: 'Release it early to be credited the published share of what is left.',
  },
  refundPartReturned: {
    what: 'Some of its cards were given back while it ran, for the published share: the rest is not refunded in full.',
    safe: 'Nothing was changed: what was credited stays in the wallet, and the other cards are yours as before.',
    todo: 'Give the other cards back likewise or release them early, or ask finance.',
  },
  refundPolicyOutOfRange: {
    what: 'The rule for refunds makes no sense.',
    safe: 'Nothing was changed: the rule in force stays.',
    todo: 'Choose at least one term, a whole number of days from 0 to 30, and say why.',
  },
  refundPolicyWaiting: {
    what: 'A rule for refunds waits for a decision already.',
    safe: 'Nothing was changed: the rule in force stays.',
    todo: 'Approve or decline that one first.',
  },
  refundPolicyUnknown: {
    what: 'There is no such rule for refunds.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page.',
  },
  refundPolicyDecided: {
    what: 'This rule for refunds is decided already.',
    safe: 'Nothing was changed again.',
    todo: 'Reload the page to see it.',
  },
  refundPolicySamePerson: {
    what: 'Whoever proposed a rule for refunds does not approve it.',
    safe: 'Nothing was changed, and the proposal waits.',
    todo: 'Ask a colleague to approve it, or decline it yourself.',
  },
};
