import type { Translation } from '../shape.ts';

/** Statements of payment providers. */
export const zh = {
  settlementUnreadable: {
    what: '没有读出任何一笔。',
    safe: '没有任何改动。',
    todo: '请选择支付渠道导出的CSV文件，编码为UTF-8。',
  },
  settlementColumnsMissing: {
    what: '缺少这些列：{columns}。',
    safe: '没有任何改动。',
    todo: '请重新导出，带上这些列。',
  },
  settlementTooLong: {
    what: '文件超过{rowsMax, number}笔。',
    safe: '没有任何改动。',
    todo: '请按较短的时间段分几次导出。',
  },
  settlementRowWrong: {
    what: '第{row, number}行的{column}不对：读不出、不是人民币、总额减手续费不等于净额，或者编号重复。',
    safe: '整份文件都没有收下，没有任何改动。',
    todo: '请核对这一行，或从支付渠道重新导出。',
  },
  settlementKnown: {
    what: '这个文件已经导入过。',
    safe: '没有任何改动。',
    todo: '请在列表里打开它。',
  },
  settlementChanged: {
    what: '{transaction}在先前导入的文件里金额不同。',
    safe: '整份文件都没有收下，没有任何改动。',
    todo: '请向支付渠道核实是哪一份错了。',
  },
} as const;

export const en: Translation<typeof zh> = {
  settlementUnreadable: {
    what: 'No transaction could be read.',
    safe: 'Nothing was changed.',
    todo: 'Choose the CSV file that the provider exports, in UTF-8.',
  },
  settlementColumnsMissing: {
    what: 'These columns are missing: {columns}.',
    safe: 'Nothing was changed.',
    todo: 'Export the file again with these columns.',
  },
  settlementTooLong: {
    what: 'The file has more than {rowsMax, number} transactions.',
    safe: 'Nothing was changed.',
    todo: 'Export shorter stretches of time.',
  },
  settlementRowWrong: {
    what: 'In row {row, number}, {column} is wrong: it cannot be read, is not in yuan, gross less fee is not net, or the id stands twice.',
    safe: 'Nothing of the file was taken and nothing was changed.',
    todo: 'Look at this row, or export the file again.',
  },
  settlementKnown: {
    what: 'This file was imported before.',
    safe: 'Nothing was changed.',
    todo: 'Open it in the list.',
  },
  settlementChanged: {
    what: 'A file that was imported before gives {transaction} another amount.',
    safe: 'Nothing of the file was taken and nothing was changed.',
    todo: 'Ask the provider which of the two is wrong.',
  },
};
