import type {} from 'use-intl';
import type { Locale } from './locale.ts';
import * as agreements from './messages/agreements.ts';
import * as arrears from './messages/arrears.ts';
import * as booking from './messages/booking.ts';
import * as changes from './messages/changes.ts';
import * as corrections from './messages/corrections.ts';
import * as credit from './messages/credit.ts';
import * as fapiao from './messages/fapiao.ts';
import * as finance from './messages/finance.ts';
import * as clock from './messages/clock.ts';
import * as closing from './messages/closing.ts';
import * as common from './messages/common.ts';
import * as explain from './messages/explain.ts';
import * as faults from './messages/faults.ts';
import * as hardware from './messages/hardware.ts';
import * as gaps from './messages/gaps.ts';
import * as identity from './messages/identity.ts';
import * as exports from './messages/exports.ts';
import * as invoices from './messages/invoices.ts';
import * as landing from './messages/landing.ts';
import * as evidence from './messages/evidence.ts';
import * as ledger from './messages/ledger.ts';
import * as lifecycle from './messages/lifecycle.ts';
import * as maintenance from './messages/maintenance.ts';
import * as navigation from './messages/navigation.ts';
import * as receivables from './messages/receivables.ts';
import * as reconciliation from './messages/reconciliation.ts';
import * as reports from './messages/reports.ts';
import * as notices from './messages/notices.ts';
import * as origin from './messages/origin.ts';
import * as receipts from './messages/receipts.ts';
import * as overview from './messages/overview.ts';
import * as prices from './messages/prices.ts';
import * as ops from './messages/ops.ts';
import * as queue from './messages/queue.ts';
import * as refunds from './messages/refunds.ts';
import * as refusals from './messages/refusals.ts';
import * as sla from './messages/sla.ts';
import * as terms from './messages/terms.ts';
import * as settlements from './messages/settlements.ts';
import * as usage from './messages/usage.ts';
import * as vouchers from './messages/vouchers.ts';
import * as wallet from './messages/wallet.ts';
import * as reservations from './messages/reservations.ts';
import * as workloads from './messages/workloads.ts';
import type { Translation } from './shape.ts';

const zh = {
  common: common.zh,
  corrections: corrections.zh,
  navigation: navigation.zh,
  identity: identity.zh,
  clock: clock.zh,
  credit: credit.zh,
  ops: ops.zh,
  lifecycle: lifecycle.zh,
  maintenance: maintenance.zh,
  explain: explain.zh,
  faults: faults.zh,
  hardware: hardware.zh,
  refusals: refusals.zh,
  landing: landing.zh,
  fapiao: fapiao.zh,
  finance: finance.zh,
  gaps: gaps.zh,
  evidence: evidence.zh,
  closing: closing.zh,
  origin: origin.zh,
  receipts: receipts.zh,
  reconciliation: reconciliation.zh,
  reports: reports.zh,
  settlements: settlements.zh,
  receivables: receivables.zh,
  ledger: ledger.zh,
  booking: booking.zh,
  changes: changes.zh,
  overview: overview.zh,
  prices: prices.zh,
  exports: exports.zh,
  invoices: invoices.zh,
  sla: sla.zh,
  terms: terms.zh,
  usage: usage.zh,
  vouchers: vouchers.zh,
  wallet: wallet.zh,
  agreements: agreements.zh,
  arrears: arrears.zh,
  notices: notices.zh,
  refunds: refunds.zh,
  reservations: reservations.zh,
  workloads: workloads.zh,
  queue: queue.zh,
} as const;

/** Every text of the interface, by namespace. Chinese is the source; its keys are the law for the others. */
export type Messages = typeof zh;
export type Namespace = keyof Messages;

const en: Translation<Messages> = {
  common: common.en,
  corrections: corrections.en,
  navigation: navigation.en,
  identity: identity.en,
  clock: clock.en,
  credit: credit.en,
  ops: ops.en,
  lifecycle: lifecycle.en,
  maintenance: maintenance.en,
  explain: explain.en,
  faults: faults.en,
  hardware: hardware.en,
  refusals: refusals.en,
  landing: landing.en,
  fapiao: fapiao.en,
  finance: finance.en,
  gaps: gaps.en,
  evidence: evidence.en,
  closing: closing.en,
  origin: origin.en,
  receipts: receipts.en,
  reconciliation: reconciliation.en,
  reports: reports.en,
  settlements: settlements.en,
  receivables: receivables.en,
  ledger: ledger.en,
  booking: booking.en,
  changes: changes.en,
  overview: overview.en,
  prices: prices.en,
  exports: exports.en,
  invoices: invoices.en,
  sla: sla.en,
  terms: terms.en,
  usage: usage.en,
  vouchers: vouchers.en,
  wallet: wallet.en,
  agreements: agreements.en,
  arrears: arrears.en,
  notices: notices.en,
  refunds: refunds.en,
  reservations: reservations.en,
  workloads: workloads.en,
  queue: queue.en,
};

const CATALOGUES: Readonly<Record<Locale, Translation<Messages>>> = { 'zh-CN': zh, en };

/** All texts of one language. */
export function messagesOf(locale: Locale): Translation<Messages> {
  return CATALOGUES[locale];
}

declare module 'use-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
