import { Badge } from '#components/ui/badge.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { InvoiceDetail } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** What proves an invoice: its hash in the chain of invoices, and the journals that it posted. */
export async function InvoiceProof({ detail }: { detail: InvoiceDetail }) {
  const [t, l] = [await getTranslations('finance'), await getTranslations('ledger')];
  const { invoice, previousHash, isIntact, journals } = detail;
  return (
    <Panel
      title={t('invoice.proofTitle')}
      actions={<Badge tone={isIntact ? 'ok' : 'danger'}>{isIntact ? t('invoice.intact') : t('invoice.broken')}</Badge>}
    >
      <DefinitionList
        items={[
          { term: t('invoice.hash'), value: <code className="text-xs wrap-anywhere">{invoice.snapshotHash}</code> },
          { term: t('invoice.previousHash'), value: <code className="text-xs wrap-anywhere">{previousHash}</code> },
          {
            term: t('invoice.journalsTitle'),
            value: (
              <ul className="grid gap-1">
                {journals.map(({ id, kind }) => (
                  <li key={`${id}`}>
                    <TextLink href={`/finance/ledger/journals/${id}`}>{l('journal.titleOf', { id: `${id}` })}</TextLink>{' '}
                    <span className="text-ink-2">{l(`journalKind.${kind}`)}</span>
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </Panel>
  );
}
