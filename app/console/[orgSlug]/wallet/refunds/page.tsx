import { Undo2 } from 'lucide-react';
import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { payeeText } from '#components/payments/payee-text.ts';
import { RefundBadge } from '#components/payments/refund-badge.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { inquireRefund, listOwnRefunds } from '#lib/payments/refunds.ts';
import type { RefundRequest } from '#lib/payments/refund-types.ts';
import { WalletHeader } from '../wallet-header.tsx';
import { withdrawAction } from './actions.ts';
import { AskPanel } from './ask-panel.tsx';

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

const ROWS = 25;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('refunds'))('own') };
}

async function columnsOf(orgSlug: string, canAsk: boolean): Promise<Column<RefundRequest>[]> {
  const t = await getTranslations('refunds');
  return [
    { key: 'at', header: t('columns.at'), isWideOnly: true, cell: ({ askedAt }) => <InstantText at={askedAt} /> },
    {
      key: 'to',
      header: t('columns.to'),
      cell: ({ route, payee }) => (payee === null ? t(`route.${route}`) : payeeText(payee)),
    },
    { key: 'state', header: t('columns.state'), cell: ({ state }) => <RefundBadge state={state} /> },
    {
      key: 'note',
      header: t('columns.note'),
      isWideOnly: true,
      cell: ({ bankReference, endReason, reason }) =>
        bankReference === null ? (endReason ?? reason) : t('reference', { reference: bankReference }),
    },
    { key: 'amount', header: t('columns.amount'), align: 'end', cell: ({ amountFen }) => <Money fen={amountFen} /> },
    {
      key: 'actions',
      header: <span className="sr-only">{t('columns.actions')}</span>,
      align: 'end',
      cell: ({ id, state }) =>
        canAsk &&
        state === 'asked' && (
          <ActionForm action={withdrawAction.bind(null, orgSlug)} initial={freshForm()}>
            <input type="hidden" name="refundId" value={id} />
            <SubmitButton variant="secondary">{t('withdraw')}</SubmitButton>
          </ActionForm>
        ),
    },
  ];
}

export default async function RefundsPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'payment:read');
  const base = `/console/${orgSlug}/wallet`;
  const page = queryPage(await searchParams);
  const { rows, total } = await listOwnRefunds(ctx, sliceOf(page, ROWS));
  const canAsk = isPermitted(ctx.actor, 'refund:request');
  const t = await getTranslations('refunds');
  return (
    <ClientMessages namespaces={['refunds']}>
      <WalletHeader ctx={ctx} base={base} chosen="refunds" />
      {canAsk && <AskPanel orgSlug={orgSlug} inquiry={await inquireRefund(ctx)} />}
      <Panel title={t('own')} isFlush>
        <DataTable
          label={t('own')}
          columns={await columnsOf(orgSlug, canAsk)}
          rows={rows}
          rowKey={({ id }) => id}
          empty={<EmptyState Icon={Undo2} title={t('empty')} text={t('emptyText')} />}
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => withQuery(`${base}/refunds`, { page: number }))}
      />
    </ClientMessages>
  );
}
