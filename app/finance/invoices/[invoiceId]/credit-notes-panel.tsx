import { FileMinus2 } from 'lucide-react';
import Link from 'next/link';
import { CreditNotesTable } from '#components/finance/credit-notes-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listNotesOfInvoice } from '#lib/billing/credit-notes/reading.ts';
import type { InvoiceView } from '#lib/billing/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';

/** The credit notes of an invoice, and the way to propose one. */
export async function CreditNotesPanel({ ctx, invoice }: { ctx: Ctx; invoice: InvoiceView }) {
  const t = await getTranslations('corrections');
  const actions = isPermitted(ctx.actor, 'creditNote:propose') ? (
    <Link href={`/finance/invoices/${invoice.id}/credit`} className={buttonClass()}>
      <FileMinus2 aria-hidden />
      {t('credit.propose')}
    </Link>
  ) : undefined;
  return (
    <Panel
      title={t('credit.ofInvoice')}
      description={t('credit.ofInvoiceLead')}
      actions={actions}
      isFlush
      className="mb-6"
    >
      <CreditNotesTable
        label={t('credit.ofInvoice')}
        rows={await listNotesOfInvoice(ctx, invoice.id)}
        empty={<EmptyState title={t('credit.empty')} text={t('credit.lead')} />}
      />
    </Panel>
  );
}
