import type { InvoiceDetail, InvoiceSnapshot } from '#lib/billing/types.ts';
import { type Instant, parseInstant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { JournalKind } from '#lib/ledger/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { ExactMoney, tailDigits } from '../format/exact-money.tsx';
import { formatInstant } from '../format/instant.ts';
import { InstantText } from '../format/instant-text.tsx';
import { DataTable } from '../table/data-table.tsx';
import { Badge } from '../ui/badge.tsx';
import { DefinitionList } from '../ui/definition-list.tsx';
import { Panel } from '../ui/panel.tsx';

const shown = (iso: string): string => {
  const at: Instant | null = parseInstant(iso);
  return at === null ? iso : formatInstant(at);
};

/** Who sold and who bought, as of issue. */
export async function InvoiceParties({ snapshot }: { snapshot: InvoiceSnapshot }) {
  const t = await getTranslations('invoices');
  const { seller, buyer, periodStartAt, periodEndAt } = snapshot;
  return (
    <Panel title={t('detail.parties')}>
      <DefinitionList
        items={[
          {
            term: t('detail.seller'),
            value: (
              <>
                {seller.nameZh}
                <span className="block text-ink-2">{seller.nameEn}</span>
              </>
            ),
          },
          { term: t('detail.taxId'), value: seller.taxId },
          { term: t('detail.address'), value: seller.address },
          { term: t('detail.buyer'), value: buyer.name },
          { term: t('detail.customerId'), value: <code className="break-all">{buyer.organisationId}</code> },
          {
            term: t('detail.period'),
            value: t('detail.periodText', { from: shown(periodStartAt), to: shown(periodEndAt) }),
          },
        ]}
      />
      <p className="mt-4 text-xs text-ink-3">{t('detail.notFapiao')}</p>
    </Panel>
  );
}

/** From the usage of the month to what was billed: vouchers paid their part, the residue below a fen went back to the wallet. */
export async function InvoiceSums({ invoice }: Pick<InvoiceDetail, 'invoice'>) {
  const t = await getTranslations('invoices');
  const rows = [
    { term: t('detail.usage'), note: t('detail.usageNote'), amount: invoice.grossUnits },
    ...(invoice.voucherUnits === 0n
      ? []
      : [{ term: t('detail.vouchers'), note: t('detail.vouchersNote'), amount: units(-invoice.voucherUnits) }]),
    { term: t('detail.residue'), note: t('detail.residueNote'), amount: units(-invoice.residueUnits) },
    { term: t('gross'), note: null, amount: units(invoice.grossUnits - invoice.voucherUnits - invoice.residueUnits) },
  ];
  const tail = tailDigits(rows.map(({ amount }) => amount));
  return (
    <Panel title={t('detail.sums')}>
      <dl className="grid gap-3 text-sm">
        {rows.map(({ term, note, amount }) => (
          <div
            key={term}
            className="flex items-baseline justify-between gap-4 last:border-t last:border-line-strong last:pt-3 last:font-medium"
          >
            <dt className="min-w-0">
              {term}
              {note !== null && <span className="block text-xs text-ink-3">{note}</span>}
            </dt>
            <dd>
              <ExactMoney units={amount} tail={tail} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const NAMED = new Set<JournalKind>(['invoiceIssued', 'promoDeducted', 'residueDropped', 'residueReturned']);
type NamedKind = 'invoiceIssued' | 'promoDeducted' | 'residueDropped' | 'residueReturned';
const isNamed = (kind: JournalKind): kind is NamedKind => NAMED.has(kind);

/** That the invoice still says what was issued, and the journals that its issue posted. */
export async function InvoiceProof({ detail }: { detail: InvoiceDetail }) {
  const t = await getTranslations('invoices');
  const { invoice, previousHash, isIntact, journals } = detail;
  const badge = isIntact ? (
    <Badge tone="ok">{t('detail.intact')}</Badge>
  ) : (
    <Badge tone="danger">{t('detail.broken')}</Badge>
  );
  return (
    <Panel title={t('detail.proof')} actions={badge}>
      <DefinitionList
        items={[
          { term: t('detail.hash'), value: <code className="text-xs break-all">{invoice.snapshotHash}</code> },
          { term: t('detail.previousHash'), value: <code className="text-xs break-all">{previousHash}</code> },
        ]}
      />
      <h3 className="mt-5 mb-2 text-sm font-medium">{t('detail.journals')}</h3>
      <DataTable
        label={t('detail.journals')}
        className="rounded-md border border-line"
        columns={[
          {
            key: 'kind',
            header: t('detail.journalWhat'),
            cell: ({ kind }) => t(`detail.journal.${isNamed(kind) ? kind : 'other'}`),
          },
          {
            key: 'key',
            header: t('detail.journalKey'),
            cell: ({ key }) => <code className="text-xs break-all">{key}</code>,
          },
          {
            key: 'at',
            header: t('detail.journalAt'),
            align: 'end',
            isWideOnly: true,
            cell: ({ postedAt }) => <InstantText at={postedAt} />,
          },
        ]}
        rows={journals}
        rowKey={({ key }) => key}
        empty={null}
      />
    </Panel>
  );
}
