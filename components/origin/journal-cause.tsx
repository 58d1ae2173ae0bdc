import type { JournalExplanation } from '#lib/billing/explain/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatCount } from '../format/digits.ts';
import { formatInstant } from '../format/instant.ts';
import { formatFen, formatUnitsExact } from '../format/money.ts';
import type { Definition } from '../ui/definition-list.tsx';
import { TextLink } from '../ui/text-link.tsx';
import type { OriginPaths } from './origin-paths.ts';

/** What is shown of a source in words of its own. */
const SHOWN = new Set([
  'reservation',
  'hour',
  'invoice',
  'line',
  'payment',
  'bankLine',
  'step',
  'revision',
  'cardsLeft',
  'creditNote',
  'refund',
  'dispute',
]);

const linked = (href: string | undefined, text: string) =>
  href === undefined ? text : <TextLink href={href}>{text}</TextLink>;

/** A credit note, a refund or a dispute behind a journal. */
async function matterFacts({ creditLine, refund, dispute }: JournalExplanation['cause']): Promise<Definition[]> {
  const t = await getTranslations('origin');
  const facts: Definition[] = [];
  if (creditLine) {
    const { number, line, grossFen } = creditLine;
    const text = t('journal.creditNoteText', { number, line: `${line}`, amount: formatFen(grossFen) });
    facts.push({ term: t('journal.creditNote'), value: text });
  }
  if (refund) {
    const text = t('journal.refundText', { amount: formatFen(refund.amountFen), id: refund.id });
    facts.push({ term: t('journal.refund'), value: text });
  }
  if (dispute) {
    const [amount, left] = [formatUnitsExact(dispute.takenUnits), formatUnitsExact(dispute.leftUnits)];
    facts.push({ term: t('journal.dispute'), value: t('journal.disputeText', { amount, left, id: dispute.id }) });
  }
  return facts;
}

/** The documents and records behind a journal, each as a link where the viewer may go there. */
export async function causeFacts(
  { cause, journal }: JournalExplanation,
  paths: OriginPaths,
): Promise<readonly Definition[]> {
  const t = await getTranslations('origin');
  const { reservation, hour, invoice, line, payment, bankLine, hold } = cause;
  const facts: Definition[] = [];
  if (reservation) {
    const text = t('journal.reservationText', { name: reservation.name, cards: formatCount(reservation.cards) });
    facts.push({ term: t('journal.reservation'), value: linked(paths.reservation?.(reservation.id), text) });
  }
  if (hour && reservation) {
    const text = t('journal.hourText', {
      hour: formatInstant(hour.hourAt),
      charges: formatCount(hour.charges),
      amount: formatUnitsExact(hour.amountUnits),
    });
    facts.push({ term: t('journal.hour'), value: linked(paths.hour?.(reservation.id, hour.hourAt), text) });
  }
  if (invoice) {
    const href = line ? paths.line(invoice.id, line.line) : paths.invoice(invoice.id);
    const text = line ? t('charge.lineLink', { number: invoice.number, line: `${line.line}` }) : invoice.number;
    facts.push({ term: t('journal.invoice'), value: linked(href, text) });
  }
  if (payment)
    facts.push({
      term: t('journal.payment'),
      value: linked(
        paths.payment?.(payment.id),
        payment.receivedFen === null ? payment.id : `${formatFen(payment.receivedFen)} · ${payment.id}`,
      ),
    });
  if (bankLine) {
    const { reference, payerName, amountFen, id } = bankLine;
    const text = t('journal.bankLineText', { reference, payer: payerName, amount: formatFen(amountFen) });
    facts.push({ term: t('journal.bankLine'), value: linked(paths.bankLine?.(id), text) });
  }
  facts.push(...(await matterFacts(cause)));
  if (hold)
    facts.push({
      term: t('journal.hold'),
      value: t('journal.holdText', {
        placed: formatUnitsExact(hold.placedUnits),
        captured: formatUnitsExact(hold.capturedUnits),
        released: formatUnitsExact(hold.releasedUnits),
        balance: formatUnitsExact(hold.balanceUnits),
      }),
    });
  const others = Object.entries(journal.source).filter(([name]) => !SHOWN.has(name));
  return [
    ...facts,
    ...others.map(([name, value]) => ({
      term: t('journal.other'),
      value: (
        <code className="text-xs wrap-anywhere">
          {name} {value}
        </code>
      ),
    })),
  ];
}
