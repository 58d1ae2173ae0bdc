import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { formatPercent } from '#components/format/percent.ts';
import { type Definition, DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { earlier, instant } from '#lib/core/instant.ts';
import { monthOf } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';
import { brokenSeconds } from '#lib/sla/credit.ts';
import { listAvailability } from '#lib/sla/service.ts';

/** How the reservation does in its month, or did in its last, by the published table, and what was credited for it. */
export async function AvailabilityPanel({ ctx, reservation }: { ctx: Ctx; reservation: ReservationView }) {
  if (!isPermitted(ctx.actor, 'usage:read')) return null;
  const t = await getTranslations('sla');
  const { id, endedAt } = reservation;
  const month = monthOf(endedAt === null ? ctx.now : earlier(instant(endedAt - 1), ctx.now));
  const [found] = await listAvailability(ctx, month, [id]);
  if (!found?.policy) return null;
  const { figures, ppm, tier, credits } = found;
  const seconds = (value: bigint): string => t('panel.seconds', { seconds: Number(value) });
  const broken = brokenSeconds(figures) + figures.excludedSeconds;
  const given = credits.map(({ amountUnits, givenAt }) =>
    t('panel.creditedAt', { amount: formatUnits(amountUnits), at: formatInstant(givenAt) }),
  );
  const below = tier && {
    below: formatPercent(tier.belowPpm, 6),
    share: formatPercent(tier.creditBps, 4),
  };
  const items: Definition[] = [
    { term: t('panel.availability'), value: ppm === null ? t('panel.none') : formatPercent(ppm, 6) },
    { term: t('panel.promised'), value: seconds(figures.promisedSeconds) },
    { term: t('panel.broken'), value: seconds(broken) },
    ...(figures.excludedSeconds > 0n ? [{ term: t('panel.excluded'), value: seconds(figures.excludedSeconds) }] : []),
    { term: t('panel.tier'), value: below ? t('panel.tierBelow', below) : t('panel.tierNone') },
    ...(given.length > 0 || tier
      ? [{ term: t('panel.credited'), value: given.length > 0 ? given.join(' · ') : t('panel.notYet') }]
      : []),
  ];
  return (
    <Panel title={t('panel.title', { month })} description={t('panel.soFar')}>
      <DefinitionList items={items} />
      <p className="mt-3 text-xs">
        <TextLink href="/sla">{t('details')}</TextLink>
      </p>
    </Panel>
  );
}
