import type { Id } from '#lib/core/id.ts';
import type { AccountRef } from './types.ts';

type Organisation = Id<'organisation'>;

/** The chart of accounts: one constructor a kind. The path is the identity; `billing.md` §5 has the numbers behind the names. */
export const chart = {
  /** 2101: the customer's money with us. */
  wallet: (org: Organisation): AccountRef => ({
    path: `wallet:${org}:cash`,
    kind: 'wallet',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 2103: set aside for a reservation by the hour. */
  hold: (org: Organisation, rsv: Id<'reservation'>): AccountRef => ({
    path: `hold:${org}:${rsv}`,
    kind: 'hold',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 2104: paid in advance for a term by the card, a contract liability earned hour by hour. */
  commitment: (org: Organisation, rsv: Id<'reservation'>): AccountRef => ({
    path: `commitment:${org}:${rsv}`,
    kind: 'commitment',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 1101: the operator's bank account. */
  bank: (): AccountRef => ({ path: 'bank:cny', kind: 'bank', asset: 'CNY/8', organisationId: null }),
  /** 1110: money at a payment provider, not yet paid out to us. */
  pspClearing: (provider: string): AccountRef => ({
    path: `psp:${provider}:clearing`,
    kind: 'pspClearing',
    asset: 'CNY/8',
    organisationId: null,
  }),
  /** 2110: received, but nobody knows from whom. */
  suspense: (): AccountRef => ({ path: 'suspense:bank', kind: 'suspense', asset: 'CNY/8', organisationId: null }),
  /** 4101: earned, not invoiced, gross of tax. */
  revenueAccrued: (sku: string): AccountRef => ({
    path: `revenue:accrued:${sku}`,
    kind: 'revenueAccrued',
    asset: 'CNY/8',
    organisationId: null,
  }),
  /** 4102: invoiced, net of tax. */
  revenueUsage: (sku: string, taxRateBps: number): AccountRef => ({
    path: `revenue:usage:${sku}:${taxRateBps}`,
    kind: 'revenueUsage',
    asset: 'CNY/8',
    organisationId: null,
  }),
  /** 4192: credited for hours of paid terms that customers gave back; a deduction from revenue. */
  contraReturned: (sku: string): AccountRef => ({
    path: `contra:returned:${sku}`,
    kind: 'contraReturned',
    asset: 'CNY/8',
    organisationId: null,
  }),
  /** 2202: tax owed to the state. */
  vatPayable: (): AccountRef => ({
    path: 'vat:output:payable',
    kind: 'vatPayable',
    asset: 'CNY/8',
    organisationId: null,
  }),
  /** 6901: what lies below a fen at invoice close (抹零), on its way back to the customer. */
  rounding: (): AccountRef => ({ path: 'rounding', kind: 'rounding', asset: 'CNY/8', organisationId: null }),

  /** The seconds that a pool has given out; its debit balance is what is promised or delivered. */
  capacityPool: (pool: string): AccountRef => ({
    path: `capacity:pool:${pool}`,
    kind: 'capacityPool',
    asset: `CARDSEC:${pool}`,
    organisationId: null,
  }),
  /** Seconds promised to a reservation and not yet spent. */
  capacityReserved: (pool: string, org: Organisation, rsv: Id<'reservation'>): AccountRef => ({
    path: `capacity:reserved:${rsv}`,
    kind: 'capacityReserved',
    asset: `CARDSEC:${pool}`,
    organisationId: org,
  }),
  /** Seconds proven used. */
  capacityUsed: (pool: string, org: Organisation, sku: string): AccountRef => ({
    path: `capacity:used:${org}:${sku}`,
    kind: 'capacityUsed',
    asset: `CARDSEC:${pool}`,
    organisationId: org,
  }),
  /** Seconds of a paid term after the customer left early. */
  capacityIdle: (pool: string, org: Organisation, sku: string): AccountRef => ({
    path: `capacity:idle:${org}:${sku}`,
    kind: 'capacityIdle',
    asset: `CARDSEC:${pool}`,
    organisationId: org,
  }),
  /** Seconds bound but not proven healthy: never charged. */
  capacityDown: (pool: string, org: Organisation, sku: string): AccountRef => ({
    path: `capacity:down:${org}:${sku}`,
    kind: 'capacityDown',
    asset: `CARDSEC:${pool}`,
    organisationId: org,
  }),
};
