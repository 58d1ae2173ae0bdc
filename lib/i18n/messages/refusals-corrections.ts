import type { Translation } from '../shape.ts';

/** Why credit notes, reversals and reopenings are refused. */
export const zh = {
  receivableUnknown: { what: '没有这个组织。', safe: '没有任何改动，付款期限不变。', todo: '请刷新页面。' },
  creditInvoiceUnknown: { what: '没有这张账单。', safe: '没有任何改动。', todo: '请从账单列表重新打开。' },
  creditReasonMissing: { what: '“其他”需要写明原因。', safe: '没有任何改动。', todo: '请用至少3个字说明。' },
  creditNoteWaiting: {
    what: '这张账单已有一张贷项通知单在等待复核。',
    safe: '没有新建，等待的那一张不变。',
    todo: '请先复核或撤回那一张。',
  },
  creditAmountUnreadable: {
    what: '第{line}行的金额读不出来。',
    safe: '没有任何改动。',
    todo: '请填人民币元，最多两位小数；不冲的行留空。',
  },
  creditOverLine: {
    what: '第{line}行只剩{leftFen}可以冲减。',
    safe: '没有任何改动。',
    todo: '请填不超过{leftFen}的金额。',
  },
  creditNothing: {
    what: '没有可以冲减的金额。',
    safe: '没有任何改动。',
    todo: '请至少填一行大于0的金额；已经冲完的账单不能再冲。',
  },
  creditNoteUnknown: { what: '没有这张贷项通知单。', safe: '没有任何改动。', todo: '请刷新页面，从列表里选择。' },
  creditNoteDecided: {
    what: '这张贷项通知单已经有了结果。',
    safe: '没有再次改动。',
    todo: '请刷新页面查看结果。',
  },
  creditNoteSamePerson: {
    what: '提出的人不能自己复核。',
    safe: '没有任何改动，申请仍在等待。',
    todo: '请另一位同事复核；提出的人可以撤回。',
  },
  reversalWaiting: {
    what: '这张凭证已有冲销申请，或已经冲销。',
    safe: '没有任何改动。',
    todo: '请刷新页面查看；每张凭证最多冲销一次。',
  },
  reversalUnknown: { what: '没有这个冲销申请。', safe: '没有任何改动。', todo: '请刷新页面，从列表里选择。' },
  reversalDecided: { what: '这个冲销申请已经有了结果。', safe: '没有再次改动。', todo: '请刷新页面查看结果。' },
  reversalSamePerson: {
    what: '提出的人不能自己复核。',
    safe: '没有任何改动，申请仍在等待。',
    todo: '请另一位同事复核；提出的人可以撤回。',
  },
  reopenNotClosed: { what: '这个月没有结账，不需要重开。', safe: '没有任何改动。', todo: '请直接在当前账期更正。' },
  reopenWaiting: {
    what: '这个月已有重开申请在等待，或正在重开。',
    safe: '没有任何改动。',
    todo: '请先处理那一个申请，或再次关账。',
  },
  reopenUnknown: { what: '没有这个重开申请。', safe: '没有任何改动，账期不变。', todo: '请刷新页面。' },
  reopenDecided: { what: '这个重开申请已经有了结果。', safe: '没有再次改动。', todo: '请刷新页面查看结果。' },
  reopenSamePerson: {
    what: '提出的人不能自己同意。',
    safe: '账期仍然关闭，申请仍在等待。',
    todo: '请另一位同事决定；提出的人可以撤回。',
  },
  reopenNotOpen: { what: '这个月没有在重开中。', safe: '没有任何改动。', todo: '请刷新页面查看账期的状态。' },
} as const;

export const en: Translation<typeof zh> = {
  receivableUnknown: {
    what: 'There is no such organisation.',
    safe: 'Nothing was changed, and its terms stay as they are.',
    todo: 'Reload the page.',
  },
  creditInvoiceUnknown: {
    what: 'There is no such invoice.',
    safe: 'Nothing was changed.',
    todo: 'Open it again from the list of invoices.',
  },
  creditReasonMissing: {
    what: '“Other” needs a reason in words.',
    safe: 'Nothing was changed.',
    todo: 'Say why in three characters or more.',
  },
  creditNoteWaiting: {
    what: 'A credit note of this invoice already waits for its second person.',
    safe: 'Nothing new was made, and the waiting one stays as it is.',
    todo: 'Issue or decline that one first.',
  },
  creditAmountUnreadable: {
    what: 'The amount of line {line} cannot be read.',
    safe: 'Nothing was changed.',
    todo: 'Give yuan with two decimals at most, and leave lines empty that are not credited.',
  },
  creditOverLine: {
    what: 'Line {line} has {leftFen} left to credit.',
    safe: 'Nothing was changed.',
    todo: 'Give at most {leftFen}.',
  },
  creditNothing: {
    what: 'There is nothing to credit.',
    safe: 'Nothing was changed.',
    todo: 'Give an amount above zero for one line or more. An invoice that is credited whole has nothing left.',
  },
  creditNoteUnknown: {
    what: 'There is no such credit note.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page and choose from the list.',
  },
  creditNoteDecided: {
    what: 'This credit note was decided already.',
    safe: 'Nothing was changed a second time.',
    todo: 'Reload the page to see the outcome.',
  },
  creditNoteSamePerson: {
    what: 'Whoever proposes a credit note cannot issue it.',
    safe: 'Nothing was changed, and the proposal still waits.',
    todo: 'Ask a colleague to issue it, or take it back by declining it.',
  },
  reversalWaiting: {
    what: 'This journal is reversed, or a reversal of it waits.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page. A journal is reversed once at most.',
  },
  reversalUnknown: {
    what: 'There is no such proposal.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page and choose from the list.',
  },
  reversalDecided: {
    what: 'This reversal was decided already.',
    safe: 'Nothing was changed a second time.',
    todo: 'Reload the page to see the outcome.',
  },
  reversalSamePerson: {
    what: 'Whoever proposes a reversal cannot approve it.',
    safe: 'Nothing was changed, and the proposal still waits.',
    todo: 'Ask a colleague to approve it, or take it back by declining it.',
  },
  reopenNotClosed: {
    what: 'This month is not closed, so there is nothing to reopen.',
    safe: 'Nothing was changed.',
    todo: 'Correct in the period that is open.',
  },
  reopenWaiting: {
    what: 'A reopening of this month waits or is open.',
    safe: 'Nothing was changed.',
    todo: 'Decide that one, or close the month again, first.',
  },
  reopenUnknown: {
    what: 'There is no such reopening.',
    safe: 'Nothing was changed, and the period stays as it is.',
    todo: 'Reload the page.',
  },
  reopenDecided: {
    what: 'This reopening was decided already.',
    safe: 'Nothing was changed a second time.',
    todo: 'Reload the page to see the outcome.',
  },
  reopenSamePerson: {
    what: 'Whoever asks for a reopening cannot agree to it.',
    safe: 'The month is still closed, and the request still waits.',
    todo: 'Ask a colleague to decide, or take it back by declining it.',
  },
  reopenNotOpen: {
    what: 'This month is not reopened.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page to see where the period stands.',
  },
};
