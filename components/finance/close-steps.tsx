import { Circle, CircleCheck, CircleDot, CircleX, type LucideIcon } from 'lucide-react';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnitsExact } from '#components/format/money.ts';
import { cn } from '#components/ui/cn.ts';
import { type CloseStep, closeSteps, type StepStatus } from '#lib/billing/period.ts';
import type { PeriodView } from '#lib/billing/types.ts';
import { monthInterval } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { ObstacleText } from './obstacle-text.tsx';

const LOOKS = {
  done: { Icon: CircleCheck, look: 'text-ok' },
  blocked: { Icon: CircleX, look: 'text-danger' },
  next: { Icon: CircleDot, look: 'text-accent-ink' },
  waiting: { Icon: Circle, look: 'text-ink-3' },
} as const satisfies Record<StepStatus, { Icon: LucideIcon; look: string }>;

/** What a close consists of, how far it is, and the figures behind each step. */
export async function CloseSteps({ period }: { period: PeriodView }) {
  const t = await getTranslations('finance');
  const { month, cutoffAt, closedAt, closedBy, grossUnits, invoices, obstacle } = period;
  const textOf = {
    over: t('period.stepText.over', { at: formatInstant(monthInterval(month).endAt) }),
    collected: t('period.stepText.collected', { at: formatInstant(cutoffAt) }),
    inOrder: t('period.stepText.inOrder'),
    rated: t('period.stepText.rated'),
    agreed: t('period.stepText.agreed', { amount: formatUnitsExact(grossUnits) }),
    invoiced: t('period.stepText.invoiced', { count: invoices }),
    closed:
      closedAt === null
        ? t('period.stepText.closed')
        : t('period.stepText.closedBy', { name: closedBy ?? '', at: formatInstant(closedAt) }),
  } satisfies Record<CloseStep, string>;
  return (
    <ol className="grid gap-3">
      {closeSteps(obstacle).map(({ step, status }) => {
        const { Icon, look } = LOOKS[status];
        return (
          <li key={step} className="flex gap-3" aria-current={status === 'next' ? 'step' : undefined}>
            <Icon aria-hidden className={cn('mt-0.5 size-4.5 shrink-0', look)} />
            <div className="min-w-0 text-sm">
              <p className={cn('leading-5.5', status === 'waiting' ? 'text-ink-2' : 'font-medium')}>
                {t(`period.step.${step}`)}
                <span className="ml-2 text-xs font-normal text-ink-3">{t(`period.stepStatus.${status}`)}</span>
              </p>
              <p className="num text-ink-2">
                {status === 'blocked' ? <ObstacleText obstacle={obstacle} /> : textOf[step]}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
