import { Banknote } from 'lucide-react';
import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { PaymentBadge } from '#components/billing/payment-badge.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listPayments } from '#lib/payments/top-ups.ts';
import type { Payment } from '#lib/payments/types.ts';
import { WalletHeader } from '../wallet-header.tsx';

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

const PAGE_ROWS = 25;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('wallet'))('payment.listTitle') };
}

async function paymentColumns(path: string): Promise<Column<Payment>[]> {
  const t = await getTranslations('wallet');
  return [
    {
      key: 'method',
      header: t('payment.methodLabel'),
      cell: ({ id, method }) => <TextLink href={`${path}/${id}`}>{t(`payment.method.${method}`)}</TextLink>,
    },
    {
      key: 'code',
      header: t('payment.code'),
      isWideOnly: true,
      cell: ({ remittanceCode }) => remittanceCode !== null && <code>{remittanceCode}</code>,
    },
    {
      key: 'created',
      header: t('payment.createdAt'),
      isWideOnly: true,
      cell: ({ createdAt }) => <InstantText at={createdAt} />,
    },
    { key: 'state', header: t('payment.stateLabel'), cell: ({ state }) => <PaymentBadge state={state} /> },
    {
      key: 'announced',
      header: t('payment.announced'),
      align: 'end',
      isWideOnly: true,
      cell: ({ amountFen }) => <Money fen={amountFen} />,
    },
    {
      key: 'arrived',
      header: t('payment.arrived'),
      align: 'end',
      cell: ({ settledFen }) => (settledFen === null ? '–' : <Money fen={settledFen} />),
    },
  ];
}

export default async function PaymentsPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'payment:read');
  const base = `/console/${orgSlug}/wallet`;
  const path = `${base}/payments`;
  const number = queryPage(await searchParams);
  const { rows, total } = await listPayments(ctx, sliceOf(number, PAGE_ROWS));
  const t = await getTranslations('wallet');
  return (
    <>
      <WalletHeader ctx={ctx} base={base} chosen="payments" />
      <Panel isFlush>
        <DataTable
          label={t('payment.listTitle')}
          columns={await paymentColumns(path)}
          rows={rows}
          rowKey={({ id }) => id}
          empty={<EmptyState Icon={Banknote} title={t('payment.empty')} text={t('payment.emptyText')} />}
        />
      </Panel>
      <PageSteps
        label={t('payment.pages')}
        {...neighbours({ page: number, size: PAGE_ROWS, total: total }, (page) => withQuery(path, { page }))}
        className="mt-4"
      />
    </>
  );
}
