import { freshForm } from '#app/_edge/fresh-form.ts';
import { PayInvoice } from '#components/billing/pay-invoice.tsx';
import { formatDate, formatInstant } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getOwnLine } from '#lib/billing/receivables/lines.ts';
import { dueWith, listOwed } from '#lib/billing/receivables/paying.ts';
import type { InvoicedItem } from '#lib/billing/receivables/reading.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { getWallet } from '#lib/ledger/wallet.ts';
import { payInvoiceAction } from './actions.ts';

async function OwedTable({ ctx, orgSlug, items }: { ctx: TenantCtx; orgSlug: string; items: readonly InvoicedItem[] }) {
  const t = await getTranslations('credit');
  const { spendableUnits } = await getWallet(ctx);
  const canPay = isPermitted(ctx.actor, 'payment:create');
  const columns: Column<InvoicedItem>[] = [
    {
      key: 'number',
      header: t('panel.number'),
      cell: ({ invoice, month }) => (
        <>
          <TextLink href={`/console/${orgSlug}/invoices/${invoice.id}`} className="num">
            {invoice.number}
          </TextLink>
          <span className="num block text-xs text-ink-2">{month}</span>
        </>
      ),
    },
    {
      key: 'due',
      header: t('panel.dueOn'),
      cell: ({ dueAt, daysLate }) => (
        <>
          <span className="num block">{formatDate(dueAt)}</span>
          <Badge tone={daysLate > 0 ? 'danger' : 'ok'}>
            {daysLate > 0 ? t('panel.late', { days: daysLate }) : t('panel.notLate')}
          </Badge>
        </>
      ),
    },
    { key: 'left', header: t('panel.left'), align: 'end', cell: ({ leftUnits }) => <Money units={leftUnits} /> },
    {
      key: 'actions',
      header: <span className="sr-only">{t('panel.actions')}</span>,
      align: 'end',
      cell: ({ invoice }) => {
        const amountUnits = dueWith(items, invoice.id);
        return (
          canPay &&
          amountUnits !== null && (
            <PayInvoice
              number={invoice.number}
              amountUnits={amountUnits}
              availableUnits={spendableUnits}
              action={payInvoiceAction.bind(null, orgSlug, invoice.id)}
              initial={freshForm()}
            />
          )
        );
      },
    },
  ];
  return (
    <DataTable
      label={t('panel.invoices')}
      columns={columns}
      rows={items}
      rowKey={({ month }) => month}
      empty={<EmptyState title={t('panel.none')} text={t('panel.noneText')} />}
    />
  );
}

/** The credit line of an organisation on account, what is in use of it, and the invoices to pay; nothing without a line. */
export async function AccountPanel({ ctx, orgSlug }: { ctx: TenantCtx; orgSlug: string }) {
  const line = await getOwnLine(ctx);
  if (line === null) return null;
  const t = await getTranslations('credit');
  const items = isPermitted(ctx.actor, 'invoice:read') ? await listOwed(ctx) : [];
  return (
    <Panel title={t('panel.title')} description={t('panel.lead')} className="mb-6">
      {line.overdueSinceAt !== null && (
        <Alert kind="warn" className="mb-4">
          {t('panel.overdue', { at: formatInstant(line.overdueSinceAt) })}
        </Alert>
      )}
      <StatRow className="mb-4">
        <Stat label={t('panel.limit')} value={<Money units={line.limitUnits} />} />
        <Stat label={t('panel.setAside')} value={<Money units={line.setAsideUnits} />} note={t('panel.setAsideNote')} />
        <Stat label={t('panel.owed')} value={<Money units={line.owedUnits} />} note={t('panel.owedNote')} />
        <Stat label={t('panel.free')} value={<Money units={line.freeUnits} />} />
      </StatRow>
      <OwedTable ctx={ctx} orgSlug={orgSlug} items={items} />
    </Panel>
  );
}
