import type { Translation } from '../shape.ts';

/** Why a month cannot be closed although its time has come: differences in its usage. */
export const zh = {
  usageMissing: {
    what: '有{allocations, number}个分配漏计用量，共{cardSeconds}卡秒，例如{example}。',
    safe: '没有出账单，也没有改动；客户没有多付。',
    todo: '请在“漏计的小时”里逐个补收，或由两人同意免收；都处理之后再结账。',
  },
  usageTwice: {
    what: '有{allocations, number}个分配重复计费，共{cardSeconds}卡秒，例如{example}。',
    safe: '没有出账单，也没有改动。',
    todo: '请运维更正该分配的用量；更正之后再结账。',
  },
  holdsOpen: {
    what: '有{reservations, number}个预订在月末前已经结束，钱还没有结清，共冻结{leftUnits}，例如{example}。',
    safe: '没有出账单，也没有改动；冻结的钱仍是客户的。',
    todo: '引擎会自动结清，请稍候；如果一直不动，请运维查看该预订。',
  },
  lineNegative: {
    what: '有{lines, number}行账单会是负数，把更正移到下月也不够，例如{example}。',
    safe: '没有出账单，也没有改动；更正的钱已经回到客户钱包。',
    todo: '用量本身出了错。请运行完整性检查，与运维查清这个组织的用量之后再结账。',
  },
} as const;

export const en: Translation<typeof zh> = {
  usageMissing: {
    what: '{allocations, plural, one {# allocation has} other {# allocations have}} time without a charge, {cardSeconds} card-seconds in all, for example {example}.',
    safe: 'No invoice was issued and nothing was changed. Nobody paid too much.',
    todo: 'Charge the hours that were left out, or let two people waive them, on their page; close the month then.',
  },
  usageTwice: {
    what: '{allocations, plural, one {# allocation is} other {# allocations are}} charged for more time than there was, {cardSeconds} card-seconds in all, for example {example}.',
    safe: 'No invoice was issued and nothing was changed.',
    todo: 'Ask operations to correct the usage of that allocation; close the month then.',
  },
  holdsOpen: {
    what: '{reservations, plural, one {# reservation was} other {# reservations were}} over before the end of the month with {leftUnits} still held, for example {example}.',
    safe: 'No invoice was issued and nothing was changed. What is held still belongs to the customers.',
    todo: 'The engine settles it by itself: wait a moment. If it does not move, ask operations to look at that reservation.',
  },
  lineNegative: {
    what: '{lines, plural, one {# invoice line} other {# invoice lines}} would be negative even with their corrections carried to the next month, for example of {example}.',
    safe: 'No invoice was issued and nothing was changed. What was corrected is back in the wallet.',
    todo: 'The usage itself is wrong. Run the proofs, find out with operations what happened to it, and close the month then.',
  },
};
