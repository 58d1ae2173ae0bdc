import type { Translation } from '../shape.ts';

/** Payments and the closing of months; what the ledger itself refuses stands in `refusals-ledger.ts`. */
export const zh = {
  amountOutOfRange: { what: '金额不在范围内。', safe: '没有任何改动。', todo: '请填0.01元到{maxFen}之间的金额。' },
  sandboxOff: { what: '这里没有开启沙盒支付。', safe: '没有任何改动。', todo: '请用对公转账。' },
  paymentUnknown: { what: '没有这笔充值。', safe: '没有任何改动。', todo: '请刷新页面。' },
  paymentNotOpen: { what: '这笔充值已经到账或取消。', safe: '没有任何改动。', todo: '请刷新页面查看结果。' },
  bankLineUnknown: { what: '没有这笔银行流水。', safe: '没有任何改动。', todo: '请刷新页面。' },
  bankLineMatched: { what: '这笔流水已经认领。', safe: '没有重复入账。', todo: '请刷新页面，看它认领到哪里。' },
  bankLineReturned: { what: '这笔流水已经退回付款人。', safe: '没有任何改动。', todo: '请刷新页面查看。' },
  statementTooLong: {
    what: '文件太大，一次最多{rowsMax, number}行。',
    safe: '没有任何改动。',
    todo: '请分成几个文件导入；重复的行不会重复登记。',
  },
  statementUnreadable: {
    what: '没有读出表格。',
    safe: '没有任何改动。',
    todo: '请选择银行导出的CSV文件，编码为UTF-8或GB18030。',
  },
  statementColumnsMissing: {
    what: '表头缺少这几列：{columns}。',
    safe: '没有任何改动。',
    todo: '请保留银行导出的表头，或改成模板里的列名。',
  },
  bankReferenceUsed: { what: '这个银行流水号已经登记过。', safe: '没有重复登记。', todo: '请核对流水号。' },
  receivedInFuture: { what: '到账时间在将来。', safe: '没有任何改动。', todo: '请核对到账时间。' },
  monthUnknown: { what: '没有这个账期。', safe: '没有任何改动。', todo: '请刷新页面。' },
  monthNotOver: {
    what: '这个月还没有结束，{endsAt}结束（北京时间）。',
    safe: '没有任何改动。',
    todo: '请在月末之后结账。',
  },
  monthCollecting: {
    what: '这个月还在收集用量，{cutoffAt}截止（北京时间）。',
    safe: '没有任何改动。',
    todo: '请在截止之后结账。',
  },
  earlierMonthOpen: {
    what: '账期按先后结账，{month}还没有结。',
    safe: '没有出账单，也没有改动。',
    todo: '请先结{month}。',
  },
  usageIncomplete: {
    what: '还有{allocations, number}个分配的用量没有算完，例如{example}。',
    safe: '没有出账单，也没有改动。',
    todo: '请等用量算完再结账；如果一直不动，请查看该分配。',
  },
  chargedTwice: {
    what: '有{cards, number}张卡的同一秒被计费两次，例如{example}。',
    safe: '没有出账单，也没有改动。',
    todo: '请先查清这些卡的用量再结账。',
  },
  booksDiffer: {
    what: '用量与总账不一致：用量{chargesUnits}，总账{ledgerUnits}。',
    safe: '没有出账单，也没有改动。',
    todo: '请先查清差额再结账。',
  },
} as const;

export const en: Translation<typeof zh> = {
  amountOutOfRange: {
    what: 'The amount is out of range.',
    safe: 'Nothing was changed.',
    todo: 'Enter an amount between ¥0.01 and {maxFen}.',
  },
  sandboxOff: {
    what: 'Sandbox payments are switched off here.',
    safe: 'Nothing was changed.',
    todo: 'Please pay by bank transfer.',
  },
  paymentUnknown: { what: 'There is no such payment.', safe: 'Nothing was changed.', todo: 'Please reload the page.' },
  paymentNotOpen: {
    what: 'This payment has already been settled or cancelled.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page to see the result.',
  },
  bankLineUnknown: {
    what: 'There is no such line in the bank statement.',
    safe: 'Nothing was changed.',
    todo: 'Please reload the page.',
  },
  bankLineMatched: {
    what: 'This line is already matched.',
    safe: 'Nothing was credited twice.',
    todo: 'Reload the page to see what it is matched to.',
  },
  bankLineReturned: {
    what: 'This line has already gone back to its sender.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page to see it.',
  },
  statementTooLong: {
    what: 'The file is too long: at most {rowsMax, plural, one {# row} other {# rows}} at once.',
    safe: 'Nothing was changed.',
    todo: 'Import it in parts; a row that comes twice is recorded once.',
  },
  statementUnreadable: {
    what: 'No table could be read.',
    safe: 'Nothing was changed.',
    todo: 'Choose the CSV file that the bank exports, in UTF-8 or GB18030.',
  },
  statementColumnsMissing: {
    what: 'These columns are missing from the heading: {columns}.',
    safe: 'Nothing was changed.',
    todo: 'Keep the heading that the bank exports, or use the names of the template.',
  },
  bankReferenceUsed: {
    what: 'This bank reference is already recorded.',
    safe: 'Nothing was recorded twice.',
    todo: 'Please check the reference.',
  },
  receivedInFuture: {
    what: 'The time of receipt is in the future.',
    safe: 'Nothing was changed.',
    todo: 'Please check the time.',
  },
  monthUnknown: { what: 'There is no such period.', safe: 'Nothing was changed.', todo: 'Please reload the page.' },
  monthNotOver: {
    what: 'The month is not over: it ends at {endsAt} (Beijing time).',
    safe: 'Nothing was changed.',
    todo: 'Close it after its end.',
  },
  monthCollecting: {
    what: 'The month still collects usage until {cutoffAt} (Beijing time).',
    safe: 'Nothing was changed.',
    todo: 'Close it after the cutoff.',
  },
  earlierMonthOpen: {
    what: 'Periods close one after the other, and {month} is not closed.',
    safe: 'No invoice was issued and nothing was changed.',
    todo: 'Close {month} first.',
  },
  usageIncomplete: {
    what: 'The usage of {allocations, plural, one {# allocation} other {# allocations}} is not rated yet, for example {example}.',
    safe: 'No invoice was issued and nothing was changed.',
    todo: 'Close the month when it is; if it does not move, look at that allocation.',
  },
  chargedTwice: {
    what: '{cards, plural, one {# card is} other {# cards are}} charged twice for the same second, for example {example}.',
    safe: 'No invoice was issued and nothing was changed.',
    todo: 'Look into the usage of that card before closing.',
  },
  booksDiffer: {
    what: 'Usage and ledger differ: usage {chargesUnits}, ledger {ledgerUnits}.',
    safe: 'No invoice was issued and nothing was changed.',
    todo: 'Find the difference before closing.',
  },
};
