import { Money } from '#components/format/money-text.tsx';
import { CardHours } from '#components/format/quantity-text.tsx';
import { AmountList } from '#components/reservations/amount-list.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { ReservationMoney } from '#lib/billing/reservation-money.ts';
import type { Purchase } from '#lib/catalog/types.ts';
import type { Units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** What was set aside for a reservation, by whom, and what became of it: charged, returned and left sum to it. */
export async function MoneyPanel({
  money: { hold, seconds, aheadSeconds, vouchersUnits },
  purchase,
  isOnAccount,
  isSettled,
}: {
  money: ReservationMoney;
  purchase: Purchase;
  /** Set aside against the credit line, and owed as it is used. */
  isOnAccount: boolean;
  isSettled: boolean;
}) {
  const t = await getTranslations('reservations');
  const a = await getTranslations('credit');
  const v = await getTranslations('vouchers');
  const isByHour = purchase === 'by-hour';
  // Every digit, so that the parts visibly sum to the whole.
  const exact = (amount: Units) => <Money units={amount} isExact />;
  const hours = (value: bigint) => <CardHours seconds={value} />;
  return (
    <Panel
      title={t('money.title')}
      actions={
        <>
          {isOnAccount && <Badge tone="neutral">{a('paidBy')}</Badge>}
          <Badge tone={isSettled ? 'ok' : 'waiting'}>{t(isSettled ? 'money.final' : 'money.notFinal')}</Badge>
        </>
      }
    >
      <AmountList
        rows={[
          { term: t(isByHour ? 'money.held' : 'money.paid'), value: exact(hold.placedUnits), isMain: true },
          ...(vouchersUnits > 0n ? [{ term: v('own.part'), value: exact(vouchersUnits) }] : []),
          { term: t('money.charged'), value: exact(hold.chargedUnits) },
          { term: t('money.returned'), value: exact(hold.returnedUnits) },
          { term: t(isByHour ? 'money.left' : 'money.leftPaid'), value: exact(hold.leftUnits) },
        ]}
      />
      <AmountList
        rows={[
          { term: t('money.usedTime'), value: hours(seconds.used) },
          ...(seconds.down > 0n ? [{ term: t('money.downTime'), value: hours(seconds.down) }] : []),
          ...(isByHour ? [] : [{ term: t('money.unusedTime'), value: hours(seconds.unused) }]),
          ...(isByHour || isSettled ? [] : [{ term: t('money.aheadTime'), value: hours(aheadSeconds) }]),
        ]}
        className="mt-4 border-t border-line pt-4"
      />
    </Panel>
  );
}
