import { instant } from '#lib/core/instant.ts';
import type { ReturnCredit } from '../types.ts';
import type { CostRow } from './columns.ts';
import {
  accountColumns,
  accountOf,
  COMMITMENT_TYPE,
  type FocusMonth,
  focusTime,
  placeColumns,
  projectColumns,
  skuOf,
} from './month.ts';
import { skuName } from './charge-rows.ts';
import { unitsText } from './prices.ts';

const SECOND_MS = 1_000;

/**
 * What was credited for hours of a term that were given back. It went to the wallet at once and stands on no invoice, so
 * it has no invoice id; the ledger took it whole from revenue, so it is not split into net and tax.
 */
export function creditRow(focus: FocusMonth, credit: ReturnCredit): CostRow {
  const account = accountOf(focus, credit.organisationId);
  const sku = skuOf(focus, credit.skuId);
  const cost = unitsText(-credit.amountUnits);
  const second = instant(Math.floor(credit.at / SECOND_MS) * SECOND_MS);
  return {
    ...accountColumns(focus, account),
    ...placeColumns(sku),
    ...projectColumns(focus, credit.projectId),
    ChargeCategory: 'Credit',
    ChargeFrequency: 'One-Time',
    ChargeDescription: `${skuName(sku)} · 退还未用时长 credit for hours given back`,
    ChargePeriodStart: focusTime(second),
    ChargePeriodEnd: focusTime(instant(second + SECOND_MS)),
    CommitmentDiscountCategory: 'Usage',
    CommitmentDiscountId: credit.reservationId,
    CommitmentDiscountName: credit.reservationName,
    CommitmentDiscountType: COMMITMENT_TYPE,
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    ResourceId: credit.reservationId,
    ResourceName: credit.reservationName,
    ResourceType: COMMITMENT_TYPE,
    x_ChargeId: credit.journalKey,
    x_JournalKey: credit.journalKey,
    x_ReservationId: credit.reservationId,
    x_ReservationName: credit.reservationName,
  };
}
