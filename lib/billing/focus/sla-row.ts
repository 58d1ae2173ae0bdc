import { monthInterval } from '#lib/core/period.ts';
import type { CountedCredit } from '#lib/sla/types.ts';
import { skuName } from './charge-rows.ts';
import type { CostRow } from './columns.ts';
import { accountColumns, accountOf, type FocusMonth, focusTime, placeColumns, projectColumns, skuOf } from './month.ts';
import { unitsText } from './prices.ts';

/**
 * What was credited because a month's promise was broken. It went to the wallet and stands on no invoice, so it has no
 * invoice id; the ledger took it whole from revenue, so it is not split into net and tax. What was found out of a closed
 * month is a correction of that month.
 */
export function slaRow(focus: FocusMonth, credit: CountedCredit): CostRow {
  const { startAt, endAt } = monthInterval(credit.month);
  const sku = skuOf(focus, credit.skuId);
  const cost = unitsText(-credit.amountUnits);
  return {
    ...accountColumns(focus, accountOf(focus, credit.organisationId)),
    ...placeColumns(sku),
    ...projectColumns(focus, credit.projectId),
    ...(credit.month === focus.month ? {} : { ChargeClass: 'Correction' }),
    ChargeCategory: 'Credit',
    ChargeFrequency: 'One-Time',
    ChargeDescription: `${skuName(sku)} · 可用率赔偿 credit for broken availability`,
    ChargePeriodStart: focusTime(startAt),
    ChargePeriodEnd: focusTime(endAt),
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    x_ChargeId: credit.journalKey,
    x_JournalKey: credit.journalKey,
    x_ReservationId: credit.reservationId,
    x_ReservationName: credit.reservationName,
  };
}
