import { formatInstant } from '#components/format/instant.ts';
import { Badge } from '#components/ui/badge.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { findCreditNote } from '#lib/billing/credit-notes/reading.ts';
import { monthOf } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Detail = NonNullable<Awaited<ReturnType<typeof findCreditNote>>>;

/** Why a note was written and who decided; of an issued one where it counts, its hash and its journals. */
export async function NoteFacts({ detail: { note, isIntact, journals } }: { detail: Detail }) {
  const [t, l] = [await getTranslations('corrections'), await getTranslations('ledger')];
  const { issue, reason, reasonText, decidedByName, decidedAt } = note;
  const decided = decidedAt === null ? [] : [{ name: decidedByName ?? '', at: formatInstant(decidedAt) }];
  const items = [
    { term: t('credit.reason'), value: t(`credit.reasons.${reason}`) },
    ...(reasonText === '' ? [] : [{ term: t('credit.reasonText'), value: reasonText }]),
    ...decided.map((by) => ({ term: t('credit.decided'), value: t('credit.byAt', by) })),
  ];
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Panel title={t('credit.factsTitle')}>
        <DefinitionList
          items={[
            ...items,
            ...(issue === null
              ? []
              : [
                  { term: t('credit.counts'), value: t('credit.countsIn', { month: monthOf(issue.effectiveAt) }) },
                  { term: t('credit.creditedTo'), value: t(`credit.to.${issue.creditedTo}`) },
                ]),
          ]}
        />
      </Panel>
      {issue !== null && (
        <Panel
          title={t('credit.proofTitle')}
          actions={
            <Badge tone={isIntact ? 'ok' : 'danger'}>{isIntact ? t('credit.intact') : t('credit.broken')}</Badge>
          }
        >
          <DefinitionList
            items={[
              { term: t('credit.hash'), value: <code className="text-xs wrap-anywhere">{issue.snapshotHash}</code> },
              {
                term: t('credit.previousHash'),
                value: <code className="text-xs wrap-anywhere">{issue.previousHash}</code>,
              },
              {
                term: t('credit.journals'),
                value: (
                  <ul className="grid gap-1">
                    {journals.map(({ id, kind }) => (
                      <li key={`${id}`}>
                        <TextLink href={`/finance/ledger/journals/${id}`}>
                          {l('journal.titleOf', { id: `${id}` })}
                        </TextLink>{' '}
                        <span className="text-ink-2">{l(`journalKind.${kind}`)}</span>
                      </li>
                    ))}
                  </ul>
                ),
              },
            ]}
          />
        </Panel>
      )}
    </div>
  );
}
