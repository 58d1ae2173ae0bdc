import { expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { creditNoteIssued, goodwillGranted, slaCompensated } from './correction-templates.ts';
import {
  onAccount,
  placedWithPromo,
  postpaidAccrued,
  promoExpired,
  promoGranted,
  receivablePaid,
} from './credit-templates.ts';
import { refundAsked, refundFailed, refundPaid } from './refund-templates.ts';
import { placed } from './templates.ts';
import type { Journal } from './types.ts';

const AT = instant(0);
const organisationId = idFrom('organisation', 'org_1');
const r = {
  reservationId: idFrom('reservation', 'rsv_1'),
  organisationId,
  poolId: 'pol_1',
  skuId: 'sku_1',
  purchase: 'by-hour',
} as const;
const compensation = { id: idFrom('compensation', 'cmp_1'), organisationId, reservationId: r.reservationId, at: AT };
const note = {
  id: idFrom('creditNote', 'crn_1'),
  invoiceId: idFrom('invoice', 'inv_1'),
  line: 2,
  organisationId,
  at: AT,
};
const refund = { id: idFrom('refund', 'rfd_1'), organisationId, amount: fen(3n) };
const grant = idFrom('promoGrant', 'prm_1');
const hour = { hourAt: AT, revision: 0, effectiveAt: AT };

const legsOf = ({ legs }: Journal): string[] =>
  legs.map((leg) => `${leg.debitUnits > 0n ? 'Dr' : 'Cr'} ${leg.account.path} ${leg.debitUnits + leg.creditUnits}`);

test.each<[string, Journal, string[]]>([
  [
    'a credit note takes back net and tax',
    creditNoteIssued(note, 'sku_1', { net: fen(100n), tax: fen(6n) }, 'wallet'),
    [
      'Dr contra:credit_note:sku_1 100000000',
      'Cr wallet:org_1:cash 100000000',
      'Dr vat:output:payable 6000000',
      'Cr wallet:org_1:cash 6000000',
    ],
  ],
  [
    'an SLA credit is less revenue',
    slaCompensated(compensation, 'sku_1', units(5n), 'receivable'),
    ['Dr contra:sla:sku_1 5', 'Cr ar:org_1:open 5'],
  ],
  [
    'goodwill is an expense',
    goodwillGranted(compensation, units(5n), 'wallet'),
    ['Dr compensation 5', 'Cr wallet:org_1:cash 5'],
  ],
  ['use on account is owed', postpaidAccrued(r, hour, units(7n)), ['Dr ar:org_1:open 7', 'Cr line:org_1:set-aside 7']],
  [
    'a booking on account is set aside against the line',
    onAccount(placed(r, AT, 0, units(7n), 60n), organisationId),
    [
      'Dr line:org_1:set-aside 7',
      'Cr hold:org_1:rsv_1 7',
      'Dr capacity:pool:pol_1 60',
      'Cr capacity:reserved:rsv_1 60',
    ],
  ],
  [
    'the wallet pays what is owed',
    receivablePaid({ id: note.invoiceId, step: 0, organisationId }, { open: units(4n), disputed: units(1n) }, AT),
    ['Dr wallet:org_1:cash 4', 'Cr ar:org_1:open 4', 'Dr wallet:org_1:cash 1', 'Cr ar:org_1:disputed 1'],
  ],
  [
    'a grant is less revenue',
    promoGranted(grant, organisationId, units(9n), AT),
    ['Dr contra:promo 9', 'Cr wallet:org_1:promo:prm_1 9'],
  ],
  [
    'what is left of a grant is revenue again',
    promoExpired(grant, organisationId, units(9n), AT),
    ['Dr wallet:org_1:promo:prm_1 9', 'Cr contra:promo 9'],
  ],
  [
    'a grant pays before the wallet does',
    placedWithPromo(placed(r, AT, 0, units(2n), 0n), r, [{ grant, amount: units(3n) }]),
    ['Dr wallet:org_1:promo:prm_1 3', 'Cr hold:org_1:rsv_1 3', 'Dr wallet:org_1:cash 2', 'Cr hold:org_1:rsv_1 2'],
  ],
  [
    'a refund leaves the wallet when it is asked for',
    refundAsked(refund, AT),
    ['Dr wallet:org_1:cash 3000000', 'Cr refund:rfd_1:in_flight 3000000'],
  ],
  [
    'a refund is paid by the provider',
    refundPaid(refund, 'stripe', AT),
    ['Dr refund:rfd_1:in_flight 3000000', 'Cr psp:stripe:clearing 3000000'],
  ],
  [
    'a refund without a provider is paid by the bank',
    refundPaid(refund, null, AT),
    ['Dr refund:rfd_1:in_flight 3000000', 'Cr bank:cny 3000000'],
  ],
  [
    'a refund that failed is back in the wallet',
    refundFailed(refund, AT),
    ['Dr refund:rfd_1:in_flight 3000000', 'Cr wallet:org_1:cash 3000000'],
  ],
])('%s', (_, journal, legs) => {
  expect(legsOf(journal)).toEqual(legs);
});
