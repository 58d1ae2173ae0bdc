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
  /** 2102: money of ours that a customer may spend but not take out, one account a grant. */
  promo: (org: Organisation, grant: Id<'promoGrant'>): AccountRef => ({
    path: `wallet:${org}:promo:${grant}`,
    kind: 'promo',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 1201: used on account and not paid yet, up to the credit line. Its balance is below zero while something is owed. */
  receivable: (org: Organisation): AccountRef => ({
    path: `ar:${org}:open`,
    kind: 'receivable',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 2105: promised against the credit line and not used yet: what is not paid of the holds on account. Never above zero. */
  lineSetAside: (org: Organisation): AccountRef => ({
    path: `line:${org}:set-aside`,
    kind: 'lineSetAside',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 1203: what a dispute took back beyond what the wallet held. */
  receivableDisputed: (org: Organisation): AccountRef => ({
    path: `ar:${org}:disputed`,
    kind: 'receivableDisputed',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 1204: the hours of grace that a wallet could not pay. Its balance is below zero while something is owed. */
  arrears: (org: Organisation): AccountRef => ({
    path: `ar:${org}:arrears`,
    kind: 'arrears',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 2401: on its way back to the customer. It ends once: what was paid out or came back is not in it any more. */
  refundInFlight: (org: Organisation, refund: Id<'refund'>): AccountRef => ({
    path: `refund:${refund}:in_flight`,
    kind: 'refundInFlight',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 2111: taken from the customer while the bank decides a dispute. */
  disputed: (org: Organisation, dispute: Id<'dispute'>): AccountRef => ({
    path: `disputed:${dispute}`,
    kind: 'disputed',
    asset: 'CNY/8',
    organisationId: org,
  }),
  /** 1120: what a payment provider keeps from us while a dispute lasts. */
  disputeHeld: (provider: string): AccountRef => ({
    path: `psp:${provider}:dispute_held`,
    kind: 'disputeHeld',
    asset: 'CNY/8',
    organisationId: null,
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
  /** 4190: given away to be spent here; a deduction from revenue. */
  contraPromo: (): AccountRef => ({ path: 'contra:promo', kind: 'contraPromo', asset: 'CNY/8', organisationId: null }),
  /** 4191: taken back from issued invoices, net of tax; a deduction from revenue. */
  contraCreditNote: (sku: string): AccountRef => ({
    path: `contra:credit_note:${sku}`,
    kind: 'contraCreditNote',
    asset: 'CNY/8',
    organisationId: null,
  }),
  /** 4193: credited because a promise of the service was broken; a deduction from revenue. */
  contraSla: (sku: string): AccountRef => ({
    path: `contra:sla:${sku}`,
    kind: 'contraSla',
    asset: 'CNY/8',
    organisationId: null,
  }),
  /** 5401: goodwill beyond what was paid; an expense. */
  compensation: (): AccountRef => ({
    path: 'compensation',
    kind: 'compensation',
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
