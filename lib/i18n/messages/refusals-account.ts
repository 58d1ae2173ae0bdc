import type { Translation } from '../shape.ts';

/** What booking on account, and paying for it, is refused for. */
export const zh = {
  accountTermsUnfit: {
    what: '后付只用于按小时、有结束时间的预订。',
    safe: '没有扣款，也没有占用信用额度。',
    todo: '请给预订定一个结束时间，或改用钱包支付。',
  },
  accountNotOpen: {
    what: '贵公司没有开通后付，没有生效的信用额度。',
    safe: '没有扣款，也没有冻结。',
    todo: '请改用钱包支付，或联系我们申请信用额度。',
  },
  accountOverdue: {
    what: '有后付账单从{overdueSinceAt}起逾期未付，暂不能再用后付预订或延长。',
    safe: '已订和正在使用的卡照常用到结束，没有扣款。',
    todo: '请先到钱包页付清逾期账单，或改用钱包支付。',
  },
  accountLineExceeded: {
    what: '信用额度不够：需要{neededUnits}，额度{limitUnits}中还有{freeUnits}可用。',
    safe: '没有扣款，也没有占用信用额度。',
    todo: '请减少卡数和时长、先付清已出的账单，或改用钱包支付。',
  },
  invoiceNotOwed: {
    what: '这张账单没有要付的后付款。',
    safe: '没有扣款。',
    todo: '请刷新页面，核对账单的付款状态。',
  },
} as const;

export const en: Translation<typeof zh> = {
  accountTermsUnfit: {
    what: 'Only time by the hour with an end can be booked on account.',
    safe: 'Nothing was charged, and nothing of the credit line is used.',
    todo: 'Give it an end, or pay from the wallet.',
  },
  accountNotOpen: {
    what: 'Your organisation has no credit line in force, so it cannot reserve on account.',
    safe: 'Nothing was charged or held.',
    todo: 'Pay from the wallet, or ask us for a credit line.',
  },
  accountOverdue: {
    what: 'An invoice on account is overdue since {overdueSinceAt}: nothing more is booked or extended on account.',
    safe: 'What is booked and running goes on to its end. Nothing was charged.',
    todo: 'Pay the overdue invoice on the wallet page, or pay this from the wallet.',
  },
  accountLineExceeded: {
    what: 'The credit line does not reach: {neededUnits} needed, {freeUnits} of {limitUnits} free.',
    safe: 'Nothing was charged, and nothing of the credit line is used.',
    todo: 'Take fewer cards or hours, pay an invoice first, or pay from the wallet.',
  },
  invoiceNotOwed: {
    what: 'Nothing on account is open on this invoice.',
    safe: 'Nothing was charged.',
    todo: 'Reload the page and look at how the invoice was paid.',
  },
};
