import { getTranslations } from '#lib/i18n/server.ts';
import type { DrainPlanView } from '#lib/reservations/maintenance-view-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Stat, StatRow } from '../ui/stat.tsx';
import { EndText } from './window-text.tsx';

/** When the cards are empty by themselves. */
async function EmptyText({ plan }: { plan: DrainPlanView }) {
  const t = await getTranslations('maintenance');
  if (plan.hits.length === 0) return t('drain.emptyNow');
  return plan.emptyAt === null ? t('drain.emptyNever') : <InstantText at={plan.emptyAt} />;
}

/** What a drain comes to, in figures. */
export async function DrainTotals({ plan }: { plan: DrainPlanView }) {
  const t = await getTranslations('maintenance');
  const heldCards = plan.hits.reduce((sum, { cards }) => sum + cards, 0);
  const stuckCards = plan.hits.reduce((sum, hit) => sum + hit.stuckCards, 0);
  const stuckPromises = plan.promises.filter(({ servers }) => servers === null).length;
  return (
    <>
      <StatRow>
        <Stat label={t('drain.hits')} value={plan.hits.length} note={t('drain.hitsNote', { cards: heldCards })} />
        <Stat label={t('drain.promises')} value={plan.promises.length} note={t('drain.promisesNote')} />
        <Stat
          label={t('drain.stuck')}
          value={stuckCards + stuckPromises}
          note={t('drain.stuckNote', { cards: stuckCards, promises: stuckPromises })}
        />
        <Stat label={t('drain.emptyAt')} value={<EmptyText plan={plan} />} />
      </StatRow>
      <StatRow>
        <Stat label={t('columns.from')} value={<InstantText at={plan.interval.startAt} />} />
        <Stat label={t('columns.until')} value={<EndText interval={plan.interval} />} />
        <Stat label={t('drain.lost')} value={t('drain.lostValue', { cards: plan.sellableCards })} />
        <Stat
          label={t('drain.free')}
          value={t('drain.freeValue', { before: plan.freeBefore, after: plan.freeAfter })}
        />
      </StatRow>
    </>
  );
}
