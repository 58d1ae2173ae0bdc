import type { Translation } from '../shape.ts';

/** What programs ask the origin of, and is not theirs or not there. */
export const zh = {
  invoiceLineUnknown: {
    what: '没有这一行账单，或者这一部分没有它的用量。',
    safe: '没有任何改动。',
    todo: '请先列出账单；行号从1开始，日期、预订、小时都取自上一层的回答。',
  },
  chargeUnknown: {
    what: '没有这条用量。',
    safe: '没有任何改动。',
    todo: '请用账单行里给出的分配、小时和修订。',
  },
} as const;

export const en: Translation<typeof zh> = {
  invoiceLineUnknown: {
    what: 'There is no such invoice line, or nothing of it in that part.',
    safe: 'Nothing was changed.',
    todo: 'List the invoices first. Lines count from 1; days, reservations and hours are the keys of the answer above.',
  },
  chargeUnknown: {
    what: 'There is no such charge.',
    safe: 'Nothing was changed.',
    todo: 'Use the allocation, hour and revision that the parts of an invoice line name.',
  },
};
