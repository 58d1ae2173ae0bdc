import { Money } from '#components/format/money-text.tsx';
import { CardHours } from '#components/format/quantity-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { ReservationMoney } from '#lib/billing/reservation-money.ts';
import type { Purchase } from '#lib/catalog/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** What was set aside for a reservation and what became of it; the first figure is the sum of the other three. */
export async function MoneyPanel({
  money: { hold, seconds },
  purchase,
  isSettled,
}: {
  money: ReservationMoney;
  purchase: Purchase;
  isSettled: boolean;
}) {
  const t = await getTranslations('reservations');
  const isByHour = purchase === 'by-hour';
  const hours = (value: bigint) => <CardHours seconds={value} />;
  return (
    <Panel
      title={t('money.title')}
      actions={<Badge tone={isSettled ? 'ok' : 'waiting'}>{t(isSettled ? 'money.final' : 'money.notFinal')}</Badge>}
    >
      <DefinitionList
        items={[
          { term: t(isByHour ? 'money.held' : 'money.paid'), value: <Money units={hold.placedUnits} /> },
          { term: t('money.charged'), value: <Money units={hold.chargedUnits} /> },
          { term: t('money.returned'), value: <Money units={hold.returnedUnits} /> },
          { term: t(isByHour ? 'money.left' : 'money.leftPaid'), value: <Money units={hold.leftUnits} /> },
        ]}
        className="*:last:font-medium *:[dd]:text-right"
      />
      <DefinitionList
        items={[
          { term: t('money.usedTime'), value: hours(seconds.used) },
          ...(seconds.down > 0n ? [{ term: t('money.downTime'), value: hours(seconds.down) }] : []),
          ...(isByHour ? [] : [{ term: t('money.unusedTime'), value: hours(seconds.unused) }]),
        ]}
        className="mt-4 border-t border-line pt-4"
      />
    </Panel>
  );
}
