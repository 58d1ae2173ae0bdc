import { formatFen } from '#components/format/money.ts';
import type { CreditNote } from '#lib/billing/credit-notes/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { decideCreditNoteAction } from './actions.ts';
import { DecideButtons } from './decide-buttons.tsx';

/** Issues or declines a credit note that waits; nothing for whoever may not. */
export async function CreditNoteButtons({ ctx, note }: { ctx: Ctx; note: CreditNote }) {
  const t = await getTranslations('corrections');
  if (note.state !== 'proposed' || !isPermitted(ctx.actor, 'creditNote:decide')) return null;
  const amount = formatFen(note.grossFen);
  const approve = {
    label: t('approvals.approveCredit', { amount }),
    title: t('approvals.approveCreditTitle', { amount }),
    text: t('approvals.approveCreditText', { organisation: note.organisationName, invoice: note.invoiceNumber }),
  };
  return (
    <DecideButtons
      ctx={ctx}
      id={note.id}
      proposedBy={note.proposedBy}
      action={decideCreditNoteAction}
      approve={approve}
    />
  );
}
