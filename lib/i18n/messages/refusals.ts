import type { Translation } from '../shape.ts';
import * as account from './refusals-account.ts';
import * as agreements from './refusals-agreements.ts';
import * as arrears from './refusals-arrears.ts';
import * as changes from './refusals-changes.ts';
import * as close from './refusals-close.ts';
import * as common from './refusals-common.ts';
import * as corrections from './refusals-corrections.ts';
import * as fapiao from './refusals-fapiao.ts';
import * as gaps from './refusals-gaps.ts';
import * as identity from './refusals-identity.ts';
import * as ledger from './refusals-ledger.ts';
import * as maintenance from './refusals-maintenance.ts';
import * as metering from './refusals-metering.ts';
import * as money from './refusals-money.ts';
import * as ops from './refusals-ops.ts';
import * as origin from './refusals-origin.ts';
import * as queue from './refusals-queue.ts';
import * as reservations from './refusals-reservations.ts';
import * as refunds from './refusals-refunds.ts';
import * as sla from './refusals-sla.ts';
import * as settlements from './refusals-settlements.ts';
import * as vouchers from './refusals-vouchers.ts';
import * as workloads from './refusals-workloads.ts';

/** For every refusal: what happened, what is safe, what to do. A module's codes stand in a file of their own. */
export const zh = {
  ...account.zh,
  ...agreements.zh,
  ...arrears.zh,
  ...changes.zh,
  ...close.zh,
  ...common.zh,
  ...corrections.zh,
  ...identity.zh,
  ...reservations.zh,
  ...settlements.zh,
  ...workloads.zh,
  ...queue.zh,
  ...ledger.zh,
  ...metering.zh,
  ...money.zh,
  ...fapiao.zh,
  ...gaps.zh,
  ...origin.zh,
  ...ops.zh,
  ...maintenance.zh,
  ...refunds.zh,
  ...sla.zh,
  ...vouchers.zh,
} as const;

export const en: Translation<typeof zh> = {
  ...account.en,
  ...agreements.en,
  ...arrears.en,
  ...changes.en,
  ...close.en,
  ...common.en,
  ...corrections.en,
  ...identity.en,
  ...reservations.en,
  ...settlements.en,
  ...workloads.en,
  ...queue.en,
  ...ledger.en,
  ...metering.en,
  ...money.en,
  ...fapiao.en,
  ...gaps.en,
  ...origin.en,
  ...ops.en,
  ...maintenance.en,
  ...refunds.en,
  ...sla.en,
  ...vouchers.en,
};

/** Every code that can be explained to a person. A form does not compile with a refusal that is not among them. */
export type RefusalCode = keyof typeof zh;
