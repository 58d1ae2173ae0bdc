import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { PaymentBadge } from '#components/billing/payment-badge.tsx';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { formatFen } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Button } from '#components/ui/button.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { findPayment } from '#lib/payments/top-ups.ts';
import type { Payment } from '#lib/payments/types.ts';
import { cancelAction } from '../../actions.ts';
import { TransferSteps } from './transfer-steps.tsx';

type Props = { params: Promise<{ orgSlug: string; paymentId: string }> };

/** How often a page about a transfer under way looks whether it has arrived. */
const LOOK_EVERY_SECONDS = 15;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('wallet'))('payment.listTitle') };
}

/** How a top-up ended; nothing while it is open. */
async function Outcome({ payment: { state, amountFen, settledFen } }: { payment: Payment }) {
  const t = await getTranslations('wallet');
  if (state === 'cancelled') return <Alert className="mb-6">{t('payment.cancelledText')}</Alert>;
  if (settledFen === null) return null;
  const arrived = formatFen(settledFen);
  return (
    <Alert kind="ok" className="mb-6" title={t('payment.settledText', { amount: arrived })}>
      {settledFen !== amountFen && <p>{t('payment.differs', { arrived, announced: formatFen(amountFen) })}</p>}
    </Alert>
  );
}

async function Facts({ payment }: { payment: Payment }) {
  const t = await getTranslations('wallet');
  const { id, method, amountFen, remittanceCode, createdAt, settledAt, settledFen } = payment;
  return (
    <Panel title={t('payment.facts')}>
      <DefinitionList
        items={[
          { term: t('payment.methodLabel'), value: t(`payment.method.${method}`) },
          { term: t('payment.announced'), value: <Money fen={amountFen} /> },
          ...(settledFen === null ? [] : [{ term: t('payment.arrived'), value: <Money fen={settledFen} /> }]),
          ...(remittanceCode === null ? [] : [{ term: t('payment.code'), value: <code>{remittanceCode}</code> }]),
          { term: t('payment.createdAt'), value: <InstantText at={createdAt} /> },
          ...(settledAt === null ? [] : [{ term: t('payment.settledAt'), value: <InstantText at={settledAt} /> }]),
          { term: t('payment.reference'), value: <code className="text-xs break-all">{id}</code> },
        ]}
      />
    </Panel>
  );
}

export default async function PaymentPage({ params }: Props) {
  const { orgSlug, paymentId } = await params;
  const ctx = await memberPage(orgSlug, 'payment:read');
  const payment = await findPayment(ctx, paymentId);
  if (payment === null) notFound();
  const t = await getTranslations('wallet');
  const base = `/console/${orgSlug}/wallet`;
  const amount = formatFen(payment.amountFen);
  const isOpen = payment.state === 'open';
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={t('title')}
            crumbs={[
              { label: t('title'), href: base },
              { label: t('payment.listTitle'), href: `${base}/payments` },
            ]}
          />
        }
        title={t(payment.method === 'sandbox' ? 'payment.sandboxDetailTitle' : 'payment.detailTitle', { amount })}
        badge={
          <>
            <PaymentBadge state={payment.state} />
            {isOpen && <LiveRefresh topics={['clock-stepped']} everySeconds={LOOK_EVERY_SECONDS} at={ctx.now} />}
          </>
        }
        actions={
          isOpen &&
          isPermitted(ctx.actor, 'payment:create') && (
            <ConfirmDialog
              trigger={<Button variant="danger-quiet">{t('payment.cancel')}</Button>}
              title={t('payment.cancelTitle', { code: payment.remittanceCode ?? amount })}
              text={t('payment.cancelText')}
              confirm={t('payment.cancelConfirm')}
              fields={{ paymentId: payment.id }}
              action={cancelAction.bind(null, orgSlug)}
              initial={freshForm()}
            />
          )
        }
      />
      <Outcome payment={payment} />
      <div className="grid max-w-5xl items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        {isOpen && <TransferSteps payment={payment} />}
        <Facts payment={payment} />
      </div>
    </>
  );
}
