'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionForm } from '#components/form/action-form.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { JudgedResult, Verdict } from '#lib/fapiao/verdict.ts';
import type { JudgedFile } from './actions.ts';
import { ChooseResults } from './choose-results.tsx';
import { ResultsTable } from './results-table.tsx';

type ResultsAction = FormAction<JudgedFile>;

const countOf = (rows: readonly JudgedResult[], kind: Verdict['kind']): number =>
  rows.filter(({ verdict }) => verdict.kind === kind).length;

function Preview({
  judged,
  action,
  initial,
  onDone,
}: {
  judged: JudgedFile;
  action: ResultsAction;
  initial: FormState<JudgedFile>;
  onDone: (done: JudgedFile) => void;
}) {
  const t = useTranslations('fapiao.results');
  const count = countOf(judged.rows, 'new');
  return (
    <ActionForm action={action} initial={initial} onDone={onDone} className="grid gap-4">
      <input type="hidden" name="results" value={judged.text} />
      <Panel
        title={t('previewTitle')}
        description={t('previewLead')}
        isFlush
        actions={count > 0 && <SubmitButton>{t('submit', { count })}</SubmitButton>}
      >
        <ResultsTable rows={judged.rows} label={t('previewTitle')} />
      </Panel>
      {count === 0 && <Alert>{t('nothingNew')}</Alert>}
    </ActionForm>
  );
}

/** Chooses a file of results, shows what would happen, takes it over, and shows what happened. */
export function ImportResults({
  rowsMax,
  preview,
  take,
  initial,
}: {
  rowsMax: number;
  preview: ResultsAction;
  take: ResultsAction;
  initial: FormState<JudgedFile>;
}) {
  const t = useTranslations('fapiao.results');
  const [judged, setJudged] = useState<JudgedFile | null>(null);
  const [done, setDone] = useState<JudgedFile | null>(null);
  if (done) {
    const count = countOf(done.rows, 'done');
    const restart = () => {
      setDone(null);
      setJudged(null);
    };
    return (
      <div className="grid gap-4">
        <Alert kind="ok">{count === 0 ? t('doneNothing') : t('done', { count })}</Alert>
        <Panel
          title={t('resultTitle')}
          description={t('resultLead')}
          isFlush
          actions={<Button onClick={restart}>{t('another')}</Button>}
        >
          <ResultsTable rows={done.rows} label={t('resultTitle')} />
        </Panel>
      </div>
    );
  }
  return (
    <div className="grid gap-6">
      <ChooseResults rowsMax={rowsMax} action={preview} initial={initial} onDone={setJudged} />
      {judged && <Preview key={judged.text} judged={judged} action={take} initial={initial} onDone={setDone} />}
    </div>
  );
}
