import type { Translation } from '../shape.ts';

/** What vouchers are refused for. */
export const zh = {
  voucherProgrammeUnknown: { what: '没有这个算力券计划。', safe: '没有任何改动。', todo: '请刷新页面，重新选择。' },
  voucherProgrammeClosed: {
    what: '这个算力券计划已停止发放。',
    safe: '已发放的算力券照常有效，没有任何改动。',
    todo: '请向发放方询问是否有新的计划。',
  },
  voucherProgrammeOver: {
    what: '这个算力券计划的有效期已过。',
    safe: '没有任何改动。',
    todo: '请向发放方询问是否有新的计划。',
  },
  voucherTermsOutOfRange: {
    what: '计划的内容不完整或不合理。',
    safe: '没有任何改动。',
    todo: '请填写名称、发放方和使用规则；面值是整分且不超过预算；优先级在1到100之间；截止时间晚于开始时间和现在。',
  },
  voucherBudgetExceeded: {
    what: '超出计划的预算，还可以发放{leftUnits}。',
    safe: '没有任何改动。',
    todo: '请减少金额，或者新建一个计划。',
  },
  voucherProgrammeSpent: {
    what: '这个算力券计划的额度已经发完。',
    safe: '代码没有被使用，没有任何改动。',
    todo: '请向发放方询问。',
  },
  voucherOrganisationUnknown: {
    what: '没有这个组织。',
    safe: '没有任何改动。',
    todo: '请填写组织的简称，即它的控制台网址里“/console/”后面的部分。',
  },
  voucherAmountOutOfRange: {
    what: '金额读不出来。',
    safe: '没有任何改动。',
    todo: '请填大于0的人民币元，最多两位小数。',
  },
  voucherCodesOutOfRange: {
    what: '一次最多生成{codesMax, number}个代码。',
    safe: '没有任何改动。',
    todo: '请填1到{codesMax, number}之间的整数，可以分几次生成。',
  },
  voucherCodeUnknown: {
    what: '没有这个代码。',
    safe: '没有任何改动。',
    todo: '请核对后重新输入；大小写、空格和横线都没有关系。',
  },
  voucherCodeUsed: {
    what: '这个代码已经被别的组织使用。',
    safe: '没有任何改动。',
    todo: '请向发放方询问。',
  },
  voucherGrantUnknown: { what: '没有这张算力券。', safe: '没有任何改动。', todo: '请刷新页面，重新选择。' },
} as const;

export const en: Translation<typeof zh> = {
  voucherProgrammeUnknown: {
    what: 'There is no such voucher programme.',
    safe: 'Nothing has changed.',
    todo: 'Reload the page and choose again.',
  },
  voucherProgrammeClosed: {
    what: 'This voucher programme grants nothing more.',
    safe: 'Vouchers that were granted stay valid; nothing has changed.',
    todo: 'Ask the issuer whether there is a new programme.',
  },
  voucherProgrammeOver: {
    what: 'The time of this voucher programme is over.',
    safe: 'Nothing has changed.',
    todo: 'Ask the issuer whether there is a new programme.',
  },
  voucherTermsOutOfRange: {
    what: 'What the programme says is incomplete or makes no sense.',
    safe: 'Nothing has changed.',
    todo: 'Give it a name, an issuer and terms; a face value in whole fen within the budget; a priority from 1 to 100; an end after its start and after now.',
  },
  voucherBudgetExceeded: {
    what: 'This is beyond the budget of the programme: {leftUnits} may still be granted.',
    safe: 'Nothing has changed.',
    todo: 'Grant less, or make a new programme.',
  },
  voucherProgrammeSpent: {
    what: 'Everything this voucher programme had is granted.',
    safe: 'The code was not used; nothing has changed.',
    todo: 'Ask the issuer.',
  },
  voucherOrganisationUnknown: {
    what: 'There is no such organisation.',
    safe: 'Nothing has changed.',
    todo: 'Enter the short name from its address, the part after https://…/console/.',
  },
  voucherAmountOutOfRange: {
    what: 'The amount cannot be read.',
    safe: 'Nothing has changed.',
    todo: 'Enter yuan above 0 with at most two decimals.',
  },
  voucherCodesOutOfRange: {
    what: 'At most {codesMax, number} codes are made at once.',
    safe: 'Nothing has changed.',
    todo: 'Enter a whole number from 1 to {codesMax, number}; you can make more in several steps.',
  },
  voucherCodeUnknown: {
    what: 'There is no such code.',
    safe: 'Nothing has changed.',
    todo: 'Check it and enter it again; case, blanks and dashes do not matter.',
  },
  voucherCodeUsed: {
    what: 'Another organisation has used this code.',
    safe: 'Nothing has changed.',
    todo: 'Ask the issuer.',
  },
  voucherGrantUnknown: {
    what: 'There is no such voucher.',
    safe: 'Nothing has changed.',
    todo: 'Reload the page and choose again.',
  },
};
