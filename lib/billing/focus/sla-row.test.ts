import { expect, test } from 'vitest';
import { costRows } from './cost-rows.ts';
import { busyMonth } from './testing-month.ts';

test('a credit for broken availability is a credit on no invoice; that of a closed month is a correction of it', () => {
  const { focus, charges, credits, broken } = busyMonth(6);
  const rows = costRows(focus, charges, credits, broken).filter((row) => row.x_ChargeId?.startsWith('sla:'));
  expect(rows).toMatchObject([
    {
      ChargeCategory: 'Credit',
      ChargeClass: 'Correction',
      ChargePeriodStart: '2026-09-30T16:00:00Z',
      ChargePeriodEnd: '2026-10-31T16:00:00Z',
      BillingPeriodStart: '2026-10-31T16:00:00Z',
      BilledCost: '-7.00000001',
      x_ReservationId: 'rsv_3',
    },
    { ChargeCategory: 'Credit', ChargePeriodStart: '2026-10-31T16:00:00Z', EffectiveCost: '-7.00000001' },
  ]);
  expect(rows[1]?.ChargeClass).toBeUndefined();
  expect(rows.every((row) => row.InvoiceId === undefined)).toBe(true);
});
