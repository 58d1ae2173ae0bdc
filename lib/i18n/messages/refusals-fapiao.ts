import type { Translation } from '../shape.ts';

/** What fapiao are refused for. */
export const zh = {
  taxIdWrong: {
    what: '统一社会信用代码不对：{problem, select, length {应为18位} characters {有不会出现的字符（I、O、S、V、Z或符号）} organisationCheck {第9到17位的校验不符} other {最后一位校验不符}}。',
    safe: '没有任何改动。',
    todo: '请按营业执照核对，常见的错误是把0写成O、1写成I。',
  },
  taxIdForCompanies: { what: '个人抬头不填税号。', safe: '没有任何改动。', todo: '请清空税号，或者把购方改成单位。' },
  specialForCompanies: {
    what: '增值税专用发票只能开给单位。',
    safe: '没有任何改动。',
    todo: '请改成普通发票，或者把购方改成单位。',
  },
  fapiaoTitleKnown: { what: '已经有同样的抬头。', safe: '没有任何改动。', todo: '请直接使用或修改已有的抬头。' },
  fapiaoTitlesFull: {
    what: '最多保存{titlesMax, number}个抬头。',
    safe: '没有任何改动。',
    todo: '请先删除不用的抬头。',
  },
  fapiaoTitleUnknown: { what: '没有这个抬头，可能已被删除。', safe: '没有任何改动。', todo: '请刷新页面，重新选择。' },
  fapiaoInvoicesMissing: { what: '没有选择账单。', safe: '没有任何改动。', todo: '请至少选择一张账单。' },
  fapiaoInvoiceUnknown: { what: '所选的账单里有一张不存在。', safe: '没有任何改动。', todo: '请刷新页面，重新选择。' },
  fapiaoAmountUnreadable: {
    what: '金额读不出来。',
    safe: '没有任何改动。',
    todo: '请填大于0的人民币元，最多两位小数；不填就是全部。',
  },
  fapiaoNothingLeft: {
    what: '没有可开票的金额。',
    safe: '没有任何改动。',
    todo: '请等下一张账单；申请中的发票撤回之后，金额可以重新申请。',
  },
  fapiaoOverInvoices: {
    what: '所选账单只剩{leftFen}可开。',
    safe: '没有任何改动。',
    todo: '请填不超过{leftFen}的金额，或多选一张账单。',
  },
  fapiaoOverAvailable: {
    what: '可开票金额只有{availableFen}，因为有退款或贷项通知单。',
    safe: '没有任何改动。',
    todo: '请填不超过{availableFen}的金额，或不填金额。',
  },
  fapiaoUnknown: { what: '没有这张发票。', safe: '没有任何改动。', todo: '请刷新页面。' },
  fapiaoNotInState: {
    what: '这张发票{state, select, requested {还没有开具} confirmed {已经确认红字} issuing {正在开具} issued {已经开具} refused {已经拒绝} other {已经撤回}}，不能这样做。',
    safe: '没有任何改动。',
    todo: '请刷新页面，看它现在能做什么。',
  },
  fapiaoOverBlue: {
    what: '这张发票只剩{leftFen}可以红冲。',
    safe: '没有任何改动。',
    todo: '请填不超过{leftFen}的金额；如果是0，它已经全部红冲或在申请中。',
  },
  fapiaoNothingWaiting: {
    what: '没有等待打包的申请。',
    safe: '没有生成批次。',
    todo: '请刷新页面；红字发票要先填红字确认单编号。',
  },
  fapiaoFileUnreadable: {
    what: '没有读出表格。',
    safe: '没有任何改动。',
    todo: '请选择填好的批次文件，CSV格式，编码为UTF-8或GB18030。',
  },
  fapiaoFileTooLong: {
    what: '文件太大，一次最多{rowsMax, number}行。',
    safe: '没有任何改动。',
    todo: '请分成几个文件导入；重复的行不会写入两次。',
  },
  fapiaoColumnsMissing: {
    what: '表头缺少这几列：{columns}。',
    safe: '没有任何改动。',
    todo: '请保留批次文件的表头，只填写结果。',
  },
  fapiaoDocumentWrong: {
    what: '文件不是PDF、OFD或XML，或者超过512KB。',
    safe: '没有保存任何文件。',
    todo: '请选择税务系统下载的版式文件。',
  },
} as const;

export const en: Translation<typeof zh> = {
  taxIdWrong: {
    what: 'The unified social credit code is wrong: {problem, select, length {it has 18 characters} characters {it has a character that never occurs (I, O, S, V, Z or a sign)} organisationCheck {the check of positions 9 to 17 does not fit} other {its last character does not fit}}.',
    safe: 'Nothing has changed.',
    todo: 'Compare it with the business licence; O for 0 and I for 1 are the usual mistakes.',
  },
  taxIdForCompanies: {
    what: 'A person’s title has no tax ID.',
    safe: 'Nothing has changed.',
    todo: 'Leave the code empty, or make the buyer a company.',
  },
  specialForCompanies: {
    what: 'A special VAT fapiao is for companies only.',
    safe: 'Nothing has changed.',
    todo: 'Choose an ordinary fapiao, or make the buyer a company.',
  },
  fapiaoTitleKnown: {
    what: 'There is such a title already.',
    safe: 'Nothing has changed.',
    todo: 'Use that one, or edit it.',
  },
  fapiaoTitlesFull: {
    what: 'There are {titlesMax, number} titles, which is the most.',
    safe: 'Nothing has changed.',
    todo: 'Remove one that is not used.',
  },
  fapiaoTitleUnknown: {
    what: 'There is no such title; it may have been removed.',
    safe: 'Nothing has changed.',
    todo: 'Reload the page and choose again.',
  },
  fapiaoInvoicesMissing: {
    what: 'No invoice is chosen.',
    safe: 'Nothing has changed.',
    todo: 'Choose one invoice or more.',
  },
  fapiaoInvoiceUnknown: {
    what: 'One of the chosen invoices does not exist.',
    safe: 'Nothing has changed.',
    todo: 'Reload the page and choose again.',
  },
  fapiaoAmountUnreadable: {
    what: 'The amount cannot be read.',
    safe: 'Nothing has changed.',
    todo: 'Give yuan above zero with two decimals at most; nothing means everything.',
  },
  fapiaoNothingLeft: {
    what: 'There is nothing left to ask for.',
    safe: 'Nothing has changed.',
    todo: 'Wait for the next invoice; what is withdrawn can be requested again.',
  },
  fapiaoOverInvoices: {
    what: 'The chosen invoices have {leftFen} left.',
    safe: 'Nothing has changed.',
    todo: 'Give at most {leftFen}, or choose another invoice as well.',
  },
  fapiaoOverAvailable: {
    what: 'Because of a refund or a credit note, {availableFen} is available.',
    safe: 'Nothing has changed.',
    todo: 'Give at most {availableFen}, or leave the amount empty.',
  },
  fapiaoUnknown: { what: 'There is no such fapiao.', safe: 'Nothing has changed.', todo: 'Reload the page.' },
  fapiaoNotInState: {
    what: 'This fapiao {state, select, requested {is not issued yet} confirmed {has its red letter} issuing {is being issued} issued {is issued} refused {was refused} other {was withdrawn}}, so this cannot be done.',
    safe: 'Nothing has changed.',
    todo: 'Reload the page to see what can be done with it now.',
  },
  fapiaoOverBlue: {
    what: '{leftFen} of this fapiao can be taken back.',
    safe: 'Nothing has changed.',
    todo: 'Give at most {leftFen}; if it is nothing, all of it is taken back or asked to be.',
  },
  fapiaoNothingWaiting: {
    what: 'Nothing waits for a batch.',
    safe: 'No batch was made.',
    todo: 'Reload the page; a red fapiao needs the number of its red letter first.',
  },
  fapiaoFileUnreadable: {
    what: 'No table could be read.',
    safe: 'Nothing has changed.',
    todo: 'Choose the batch with its results filled in, as CSV in UTF-8 or GB18030.',
  },
  fapiaoFileTooLong: {
    what: 'The file is too large; at most {rowsMax, number} rows at a time.',
    safe: 'Nothing has changed.',
    todo: 'Import it in parts; a row that comes twice is taken over once.',
  },
  fapiaoColumnsMissing: {
    what: 'The heading lacks these columns: {columns}.',
    safe: 'Nothing has changed.',
    todo: 'Keep the heading of the batch and fill in the results only.',
  },
  fapiaoDocumentWrong: {
    what: 'The file is no PDF, OFD or XML, or it is larger than 512 KB.',
    safe: 'No file was saved.',
    todo: 'Choose the document that the tax bureau’s system made.',
  },
};
