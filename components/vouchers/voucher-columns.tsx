import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { Grant } from '#lib/vouchers/types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Money } from '../format/money-text.tsx';
import type { Column } from '../table/data-table.tsx';
import { type ScopeNames, scopeText } from './scope-text.ts';
import { VoucherBadge } from './state-badge.tsx';

/** What both consoles show of a voucher's money and state; finance adds whose it is, customers what it is good for. */
async function moneyColumns(): Promise<Column<Grant>[]> {
  const t = await getTranslations('vouchers');
  return [
    { key: 'state', header: t('column.state'), cell: ({ state }) => <VoucherBadge state={state} /> },
    {
      key: 'granted',
      header: t('column.granted'),
      align: 'end',
      isWideOnly: true,
      cell: ({ grantedUnits }) => <Money units={grantedUnits} />,
    },
    {
      key: 'held',
      header: t('column.held'),
      align: 'end',
      isWideOnly: true,
      cell: ({ heldUnits }) => <Money units={heldUnits} />,
    },
    {
      key: 'burnt',
      header: t('column.burnt'),
      align: 'end',
      isWideOnly: true,
      cell: ({ burntUnits }) => <Money units={burntUnits} />,
    },
    {
      key: 'expired',
      header: t('column.expired'),
      align: 'end',
      isWideOnly: true,
      cell: ({ expiredUnits }) => <Money units={expiredUnits} />,
    },
    { key: 'left', header: t('column.left'), align: 'end', cell: ({ leftUnits }) => <Money units={leftUnits} /> },
  ];
}

/** The columns of a customer's own vouchers. */
export async function ownColumns(names: ScopeNames): Promise<Column<Grant>[]> {
  const [t, locale] = [await getTranslations('vouchers'), await requestLocale()];
  return [
    {
      key: 'name',
      header: t('column.name'),
      cell: ({ programmeName, issuerName, terms }) => (
        <details>
          <summary className="cursor-pointer">
            {programmeName}
            <span className="block text-xs text-ink-3">{issuerName}</span>
          </summary>
          <p className="mt-1 max-w-prose text-xs whitespace-pre-line text-ink-2">{terms}</p>
        </details>
      ),
    },
    {
      key: 'scope',
      header: t('column.scope'),
      isWideOnly: true,
      cell: ({ scope }) => scopeText(locale, names, scope),
    },
    { key: 'until', header: t('column.until'), cell: ({ validUntil }) => <InstantText at={validUntil} /> },
    ...(await moneyColumns()),
  ];
}

/** The columns of a programme's vouchers, by whose they are. */
export async function grantColumns(): Promise<Column<Grant>[]> {
  const t = await getTranslations('vouchers');
  return [
    { key: 'organisation', header: t('column.organisation'), cell: ({ organisationName }) => organisationName },
    {
      key: 'grantedAt',
      header: t('column.grantedAt'),
      isWideOnly: true,
      cell: ({ grantedAt }) => <InstantText at={grantedAt} />,
    },
    {
      key: 'via',
      header: t('column.via'),
      isWideOnly: true,
      cell: ({ viaCode }) => t(viaCode ? 'via.code' : 'via.direct'),
    },
    ...(await moneyColumns()),
  ];
}
