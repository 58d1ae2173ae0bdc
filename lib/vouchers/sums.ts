import 'server-only';
import { units } from '#lib/core/money.ts';
import { Prisma } from '#lib/platform/db.ts';
import type { VoucherSums } from './types.ts';

/** What the ledger and the tranches say of each grant's money, in 1e-8 yuan. */
export const GRANT_MONEY = Prisma.sql`
  SELECT g.id AS grant_id, coalesce(a.balance_units, 0) AS left_units,
    coalesce((SELECT sum(b.amount_units) FROM voucher_burn b WHERE b.grant_id = g.id), 0) AS burnt_units,
    coalesce((SELECT sum(t.credited_units) FROM voucher_tranche t WHERE t.grant_id = g.id), 0) AS open_credit_units,
    coalesce((SELECT sum(p.debit_units) FROM posting p JOIN journal j ON j.id = p.journal_id
      WHERE p.account_id = a.id AND j.kind IN ('promoExpired', 'reversal')), 0) AS expired_units,
    coalesce((SELECT sum(p.credit_units) FROM posting p JOIN journal j ON j.id = p.journal_id
      WHERE p.account_id = a.id AND j.kind = 'hoursReturned'), 0) AS recredited_units
  FROM voucher_grant g LEFT JOIN account a ON a.path = 'wallet:' || g.organisation_id || ':promo:' || g.id`;

/** Sums of {@link GRANT_MONEY} with what was granted. */
export type MoneyRow = {
  granted: bigint;
  left: bigint;
  burnt: bigint;
  expired: bigint;
  recredited: bigint;
  open_credit: bigint;
};

/**
 * Where the money is. A credit for hours given back puts money into a voucher once more, for hours that are burnt as
 * unused sooner or later: it counts as not burnt, and until then not as held either.
 */
export function sumsFrom({ granted, left, burnt, expired, recredited, open_credit: open }: MoneyRow): VoucherSums {
  return {
    grantedUnits: units(granted),
    leftUnits: units(left),
    heldUnits: units(granted + recredited - left - burnt - expired - open),
    burntUnits: units(burnt - recredited + open),
    expiredUnits: units(expired),
  };
}
