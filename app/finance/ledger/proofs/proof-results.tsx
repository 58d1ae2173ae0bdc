'use client';

import { useTranslations } from 'use-intl/react';
import { useFormState } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { Messages } from '#lib/i18n/messages.ts';
import type { TimedProof } from '#lib/ledger/view-types.ts';

type Claim = keyof Messages['ledger']['proof']['claims'];

/** What the last run of the proofs found, in the form that runs them. */
export function ProofResults() {
  const t = useTranslations('ledger.proof');
  const state = useFormState();
  const results = state?.status === 'done' ? (state.value as readonly TimedProof[]) : null;
  const broken = results?.filter(({ violations }) => violations !== 0).length ?? 0;
  const columns: Column<TimedProof>[] = [
    {
      key: 'claim',
      header: t('claim'),
      cell: ({ name, claim }) => (
        <>
          {t.has(`claims.${name as Claim}`) ? t(`claims.${name as Claim}`) : claim}
          <code className="block text-xs text-ink-3">{name}</code>
        </>
      ),
    },
    {
      key: 'result',
      header: t('result'),
      cell: ({ violations, example }) =>
        violations === 0 ? (
          <Badge tone="ok">{t('holds')}</Badge>
        ) : (
          <>
            <Badge tone="danger">{t('broken', { count: violations })}</Badge>
            {example !== null && <span className="block text-xs wrap-anywhere">{t('example', { example })}</span>}
          </>
        ),
    },
    {
      key: 'time',
      header: t('time'),
      align: 'end',
      isWideOnly: true,
      cell: ({ milliseconds }) => t('milliseconds', { count: milliseconds }),
    },
  ];
  return (
    <>
      <Panel
        title={t('title')}
        description={t('lead')}
        actions={<SubmitButton>{results === null ? t('run') : t('again')}</SubmitButton>}
        isFlush={results !== null}
      >
        {results === null ? (
          <p className="text-sm text-ink-2">{t('fresh')}</p>
        ) : (
          <DataTable label={t('title')} columns={columns} rows={results} rowKey={({ name }) => name} empty={null} />
        )}
      </Panel>
      {results !== null && (
        <Alert kind={broken === 0 ? 'ok' : 'danger'}>
          {broken === 0
            ? t('allHold', {
                count: results.length,
                milliseconds: results.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
              })
            : t('someBroken', { count: broken })}
        </Alert>
      )}
    </>
  );
}
