'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionForm } from '#components/form/action-form.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFen } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { fen, parseFen } from '#lib/core/money.ts';
import type { JudgedRow, Verdict } from '#lib/payments/statement-verdict.ts';
import type { JudgedStatement } from './actions.ts';
import { ChooseStatement } from './choose-statement.tsx';
import { RowsTable } from './rows-table.tsx';

type StatementAction = FormAction<JudgedStatement>;

/** How many rows have a verdict, and what they come to. */
function totalOf(rows: readonly JudgedRow[], verdict: Verdict): { count: number; amount: string } {
  const chosen = rows.filter((row) => row.verdict === verdict);
  const sum = chosen.reduce(
    (total, { read }) => total + (read.isRead ? (parseFen(read.input.amountYuan) ?? 0n) : 0n),
    0n,
  );
  return { count: chosen.length, amount: formatFen(fen(sum)) };
}

function Preview({
  judged,
  action,
  initial,
  onDone,
}: {
  judged: JudgedStatement;
  action: StatementAction;
  initial: FormState<JudgedStatement>;
  onDone: (done: JudgedStatement) => void;
}) {
  const t = useTranslations('receipts.statement');
  const { count, amount } = totalOf(judged.rows, 'new');
  return (
    <ActionForm action={action} initial={initial} onDone={onDone} className="grid gap-4">
      <input type="hidden" name="statement" value={judged.text} />
      <Panel
        title={t('previewTitle')}
        description={t('previewLead')}
        isFlush
        actions={count > 0 && <SubmitButton>{t('submit', { count, amount })}</SubmitButton>}
      >
        <RowsTable rows={judged.rows} label={t('previewTitle')} />
      </Panel>
      {count === 0 && <Alert>{t('nothingNew')}</Alert>}
    </ActionForm>
  );
}

/** Chooses a statement, shows what would happen, records it, and shows what happened. */
export function ImportStatement({
  rowsMax,
  preview,
  record,
  initial,
}: {
  rowsMax: number;
  preview: StatementAction;
  record: StatementAction;
  initial: FormState<JudgedStatement>;
}) {
  const t = useTranslations('receipts.statement');
  const [judged, setJudged] = useState<JudgedStatement | null>(null);
  const [done, setDone] = useState<JudgedStatement | null>(null);
  if (done) {
    const { count, amount } = totalOf(done.rows, 'recorded');
    return (
      <div className="grid gap-4">
        <Alert kind="ok">{count === 0 ? t('doneNothing') : t('done', { count, amount })}</Alert>
        <Panel
          title={t('resultTitle')}
          description={t('resultLead')}
          isFlush
          actions={
            <Button
              onClick={() => {
                setDone(null);
                setJudged(null);
              }}
            >
              {t('another')}
            </Button>
          }
        >
          <RowsTable rows={done.rows} label={t('resultTitle')} />
        </Panel>
      </div>
    );
  }
  return (
    <div className="grid gap-6">
      <ChooseStatement rowsMax={rowsMax} action={preview} initial={initial} onDone={setJudged} />
      {judged && <Preview key={judged.text} judged={judged} action={record} initial={initial} onDone={setDone} />}
    </div>
  );
}
