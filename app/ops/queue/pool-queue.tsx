import { formatInstant } from '#components/format/instant.ts';
import { Count, Duration } from '#components/format/quantity-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { type Instant, SECOND_MS } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { WaitReason } from '#lib/reservations/queue/types.ts';
import type { PoolQueue } from '#lib/reservations/queue/view-types.ts';

/** One pool's queue at a glance: its length, its longest wait, its head with its time, and what the others wait for. */
export async function PoolQueuePanel({ queue, name, now }: { queue: PoolQueue; name: string; now: Instant }) {
  const t = await getTranslations('queue');
  const { waiting, waitingCards, running, runningCards, leaving, oldestAt, head, reasons } = queue;
  const headAt = head?.startAt ? t('ops.headAt', { at: formatInstant(head.startAt) }) : t('ops.headOpen');
  return (
    <Panel title={name}>
      <StatRow>
        <Stat
          label={t('ops.waiting')}
          value={<Count count={waiting} />}
          note={t('ops.waitingCards', { cards: waitingCards })}
        />
        <Stat
          label={t('ops.running')}
          value={<Count count={running} />}
          note={leaving > 0 ? t('ops.leaving', { count: leaving }) : t('ops.waitingCards', { cards: runningCards })}
        />
        <Stat
          label={t('ops.longest')}
          value={oldestAt === null ? '–' : <Duration seconds={Math.floor((now - oldestAt) / SECOND_MS)} />}
          {...(oldestAt === null && { note: t('ops.nobody') })}
        />
        <Stat
          label={t('ops.head')}
          value={head === null ? '–' : t('ops.headCards', { cards: head.cards })}
          note={head === null ? t('ops.nobody') : headAt}
        />
      </StatRow>
      {reasons.length > 0 && (
        <p className="mt-3 flex flex-wrap gap-2 text-sm">
          <span className="text-ink-2">{t('ops.reasons')}</span>
          {reasons.map(({ reason, jobs }) => (
            <Badge key={reason} tone="neutral">
              {t(`ops.reason.${reason as WaitReason}`)} · {jobs}
            </Badge>
          ))}
        </p>
      )}
    </Panel>
  );
}
