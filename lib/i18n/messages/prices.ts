import type { Translation } from '../shape.ts';

export const zh = {
  title: '价格',
  lead: '每张卡每小时，含税。',
  example: '示例价格',
  exampleNote: '这些卡没有公开的小时价，下面的数字只是示例，以报价为准。',
  table: '每张卡每小时的价格',
  columns: { model: '卡型', hour: '按小时', band: '{from}–{to}', terms: { day: '按天', week: '按周', month: '按月' } },
  cards: '{cards, number}张卡',
  memory: '{gib, number} GB显存',
  termTotal: '{amount}/期',
  notSold: '不单卖',
  zone: '时段为北京时间。一个月按30天。',
} as const;

export const en: Translation<typeof zh> = {
  title: 'Prices',
  lead: 'For one card and one hour, tax included.',
  example: 'Example prices',
  exampleNote: 'No hourly price of these cards is public: these figures are examples, and the quote is what counts.',
  table: 'Price of one card for one hour',
  columns: {
    model: 'Model',
    hour: 'By the hour',
    band: '{from}–{to}',
    terms: { day: 'By the day', week: 'By the week', month: 'By the month' },
  },
  cards: '{cards, number} cards',
  memory: '{gib, number} GB memory',
  termTotal: '{amount} a term',
  notSold: 'not sold so',
  zone: 'Bands are in Beijing time. A month is 30 days.',
};
