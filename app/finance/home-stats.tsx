import { Money } from '#components/format/money-text.tsx';
import { formatUnits, formatUnitsExact } from '#components/format/money.ts';
import { Count } from '#components/format/quantity-text.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { PeriodView } from '#lib/billing/types.ts';
import { fenToUnits, units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { AccountKind } from '#lib/ledger/types.ts';
import type { ChartLine } from '#lib/ledger/view-types.ts';
import type { ReceiptSummary } from '#lib/payments/types.ts';

/** What waits and what is held, in four figures; suspense is checked against the lines that it stands for. */
export async function HomeStats({
  receipts,
  balances,
  periods,
}: {
  receipts: ReceiptSummary;
  balances: readonly ChartLine[];
  periods: readonly PeriodView[];
}) {
  const t = await getTranslations('finance');
  const of = (...kinds: AccountKind[]) =>
    units(
      balances.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { balanceUnits }) => sum + balanceUnits, 0n),
    );
  const suspense = of('suspense');
  const { unmatched } = receipts.lines;
  const difference = units(suspense - fenToUnits(unmatched.sumFen));
  const [wallet, setAside] = [of('wallet'), of('hold', 'commitment')];
  const due = periods.filter(({ state }) => state === 'collecting' || state === 'closing');
  const first = due.at(-1)?.month ?? '';
  return (
    <StatRow className="mb-6">
      <Stat
        label={t('home.unmatched')}
        value={<Money fen={unmatched.sumFen} />}
        note={t('home.unmatchedNote', { count: unmatched.count })}
      />
      <Stat
        label={<TextLink href="/finance/ledger/accounts?kind=suspense">{t('home.suspense')}</TextLink>}
        value={<Money units={suspense} />}
        note={
          difference === 0n ? (
            t('home.suspenseAgrees')
          ) : (
            <span className="text-danger">
              {t('home.suspenseDiffers', { difference: formatUnitsExact(difference) })}
            </span>
          )
        }
      />
      <Stat
        label={t('home.customerMoney')}
        value={<Money units={units(wallet + setAside)} />}
        note={t('home.customerMoneyNote', { wallet: formatUnits(wallet), setAside: formatUnits(setAside) })}
      />
      <Stat
        label={t('home.toClose')}
        value={<Count count={due.length} />}
        note={t('home.toCloseNote', { count: due.length, first })}
      />
    </StatRow>
  );
}
