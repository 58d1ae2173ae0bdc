import * as origin from './origin-schemas.ts';

const PAGE = { skip: 'How many to leave out', take: '1 to 200' } as const;

/** The operations that say where an amount comes from. */
export const ORIGIN_OPERATIONS = [
  {
    method: 'get',
    path: '/api/v1/invoices',
    summary: 'Issued invoices, newest first',
    query: { month: 'Only those of a month, 2026-11', ...PAGE },
    answer: origin.invoicesDto,
  },
  {
    method: 'get',
    path: '/api/v1/invoices/{id}/lines/{line}',
    summary: 'Where an invoice line comes from: its steps, worked out again, and what it is made of, part by part',
    query: {
      day: 'By reservation: a day of the answer without it',
      reservation: 'By hour: with day, a reservation of its answer',
      hour: 'By card: with reservation, an hour of its answer',
      ...PAGE,
    },
    answer: origin.lineDto,
  },
  {
    method: 'get',
    path: '/api/v1/charges/{allocationId}/{hour}',
    summary: 'Where one card’s hour comes from: evidence, gaps, price and steps',
    query: { revision: 'Of several of an hour, which; the first without it' },
    answer: origin.chargeDto,
  },
  {
    method: 'get',
    path: '/api/v1/journals/{id}',
    summary: 'Where a journal of the wallet comes from: what caused it, its steps, and the charges that it carries',
    query: PAGE,
    answer: origin.journalDto,
  },
] as const;
