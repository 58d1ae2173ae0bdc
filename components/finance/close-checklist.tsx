import { formatInstant } from '#components/format/instant.ts';
import { refusalText } from '#components/form/refusal-text.ts';
import { Alert } from '#components/ui/alert.tsx';
import type { CloseRefusal, PeriodView } from '#lib/billing/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { CheckItem, type ItemStatus } from './check-item.tsx';

/** What only time mends is news; a difference in the figures is alarming. */
const ALARMS: ReadonlySet<CloseRefusal['code']> = new Set([
  'usageMissing',
  'usageTwice',
  'lineNegative',
  'booksDiffer',
]);
const PATIENCE: ReadonlySet<CloseRefusal['code']> = new Set(['monthNotOver', 'monthCollecting']);

/** The one thing that keeps a month open, and what to do about it. */
async function Blocking({ refusal }: { refusal: CloseRefusal }) {
  const t = await getTranslations('closing');
  const { what, safe, todo } = refusalText(await requestLocale(), refusal);
  const kind = PATIENCE.has(refusal.code) ? 'info' : ALARMS.has(refusal.code) ? 'danger' : 'warn';
  return (
    <Alert kind={kind} title={t('blockedTitle')} className="mb-4">
      <p>{what}</p>
      <p className="text-ink-2">{safe}</p>
      <p>{todo}</p>
    </Alert>
  );
}

/** How far invoices and books of a month are. */
async function lastSteps({ state, closedAt, closedBy, invoices, obstacle }: PeriodView) {
  const t = await getTranslations('closing');
  const isClosed = state === 'closed';
  const invoiced: ItemStatus = isClosed ? 'holds' : obstacle === null ? 'next' : 'waits';
  const by = closedAt === null ? null : t('note.closedBy', { name: closedBy ?? '', at: formatInstant(closedAt) });
  return [
    { name: 'invoiced', status: invoiced, note: t('note.invoiced', { count: invoices }) },
    { name: 'closed', status: isClosed ? 'holds' : 'waits', note: by ?? t('note.closed') },
  ] as const;
}

/** Everything that a close consists of: the one blocking difference first, then each check with its figures. */
export async function CloseChecklist({ period }: { period: PeriodView }) {
  const t = await getTranslations('closing');
  const { checks, obstacle, begunAt, state } = period;
  return (
    <>
      {obstacle !== null && state !== 'closed' && <Blocking refusal={obstacle} />}
      {begunAt !== null && <p className="mb-4 text-sm text-ink-2">{t('begun', { at: formatInstant(begunAt) })}</p>}
      <ol className="grid gap-3">
        {checks.map(({ name, status, figures }) => (
          <CheckItem key={name} name={name} status={status} note={t(`note.${name}`)} figures={figures} />
        ))}
        {(await lastSteps(period)).map((step) => (
          <CheckItem key={step.name} {...step} figures={[]} />
        ))}
      </ol>
    </>
  );
}
