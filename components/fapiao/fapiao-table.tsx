import type { ReactNode } from 'react';
import { InstantText } from '#components/format/instant-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { FapiaoView } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { FapiaoBadge, KindText } from './fapiao-badge.tsx';
import { SignedMoney } from './signed-money.tsx';

/** Fapiao in a list; `base` is where their pages are. Whose they are is shown to those who see several. */
export async function FapiaoTable({
  rows,
  base,
  hasOrganisation = false,
  label,
  empty,
}: {
  rows: readonly FapiaoView[];
  base: string;
  hasOrganisation?: boolean;
  label: string;
  empty: ReactNode;
}) {
  const t = await getTranslations('fapiao');
  const columns: Column<FapiaoView>[] = [
    {
      key: 'number',
      header: t('list.number'),
      cell: ({ id, salesNumber, number }) => (
        <>
          <TextLink href={`${base}/${id}`} className="num whitespace-nowrap">
            {salesNumber}
          </TextLink>
          {number !== null && <span className="num block text-xs text-ink-2">{number}</span>}
        </>
      ),
    },
    {
      key: 'organisation',
      header: t('list.organisation'),
      isWideOnly: true,
      cell: ({ organisationName }) => organisationName,
    },
    {
      key: 'buyer',
      header: t('list.buyer'),
      cell: ({ buyer }) => (
        <>
          <span className="block wrap-anywhere">{buyer.name}</span>
          <span className="text-xs text-ink-2">{t(`type.${buyer.fapiaoType}`)}</span>
        </>
      ),
    },
    { key: 'kind', header: t('list.kind'), isWideOnly: true, cell: ({ kind }) => <KindText kind={kind} /> },
    {
      key: 'gross',
      header: t('list.gross'),
      align: 'end',
      cell: ({ kind, grossFen }) => <SignedMoney kind={kind} amountFen={grossFen} />,
    },
    { key: 'state', header: t('list.state'), cell: ({ state }) => <FapiaoBadge state={state} /> },
    {
      key: 'requested',
      header: t('list.requestedAt'),
      isWideOnly: true,
      cell: ({ requestedAt }) => <InstantText at={requestedAt} />,
    },
  ];
  return (
    <DataTable
      label={label}
      columns={columns.filter(({ key }) => hasOrganisation || key !== 'organisation')}
      rows={rows}
      rowKey={({ id }) => id}
      empty={empty}
    />
  );
}
