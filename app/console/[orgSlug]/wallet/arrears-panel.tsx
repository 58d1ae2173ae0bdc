import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { type Definition, DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getArrears, type OwnArrears } from '#lib/arrears/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const DAY_SECONDS = 86_400;

type Texts = Awaited<ReturnType<typeof getTranslations<'arrears'>>>;

function lasts(t: Texts, { openEnds, facts }: OwnArrears): string {
  if (openEnds.length === 0) return t('panel.lastsIdle');
  return facts.runsOutAt === null
    ? t('panel.lastsLong')
    : t('panel.lastsUntil', { at: formatInstant(facts.runsOutAt) });
}

/** The earliest instants of the stop and the release, at the rate of now, or as they were announced. */
function datesOf({ standing, facts, terms }: OwnArrears): { stopAt: Instant | null; releaseAt: Instant | null } {
  const ahead = facts.runsOutAt === null ? null : plusSeconds(facts.runsOutAt, terms.graceSeconds);
  const stopAt = standing.stopAt ?? facts.grace?.stopAt ?? ahead;
  const kept = stopAt === null ? null : plusSeconds(stopAt, terms.retentionDays * DAY_SECONDS);
  return { stopAt, releaseAt: standing.releaseAt ?? kept };
}

function rowsOf(t: Texts, own: OwnArrears): Definition[] {
  const { terms, facts } = own;
  const { stopAt, releaseAt } = datesOf(own);
  const hours = terms.graceSeconds / 3_600;
  const when = (text: string, at: string | null): string => (at === null ? text : `${text} · ${at}`);
  return [
    { term: t('panel.lasts'), value: lasts(t, own) },
    ...(facts.owedUnits > 0n ? [{ term: t('panel.owed'), value: formatUnits(facts.owedUnits) }] : []),
    {
      term: t('panel.warn'),
      value: t('panel.warnText', { first: terms.firstWarningHours, last: terms.lastWarningHours }),
    },
    { term: t('panel.grace'), value: hours > 0 ? t('panel.graceText', { hours }) : t('panel.graceNone') },
    ...(hours === 0
      ? []
      : [
          {
            term: t('panel.stop'),
            value: when(t('panel.stopText'), stopAt && t('panel.stopAt', { at: formatInstant(stopAt) })),
          },
          { term: t('panel.keep'), value: t('panel.keepText', { days: terms.retentionDays }) },
          {
            term: t('panel.release'),
            value: when(t('panel.releaseText'), releaseAt && t('panel.releaseAt', { at: formatInstant(releaseAt) })),
          },
          { term: t('panel.pay'), value: t('panel.payText') },
        ]),
    ...(own.openEnds.length === 0
      ? []
      : [
          {
            term: t('panel.ends'),
            value: own.openEnds
              .map(
                ({ name, heldUntil, graceFrom }) =>
                  `${name}: ${t(graceFrom === null ? 'panel.endHeld' : 'panel.endGrace', { at: formatInstant(heldUntil) })}`,
              )
              .join('; '),
          },
        ]),
  ];
}

/** What happens when the money runs out, step by step and with its instants, before it happens. */
export async function ArrearsPanel({ ctx }: { ctx: Ctx }) {
  const t = await getTranslations('arrears');
  const own = await getArrears(ctx);
  return (
    <Panel title={t('panel.title')} className="mb-6">
      <DefinitionList items={rowsOf(t, own)} />
      <p className="mt-3 text-sm text-ink-2">{t('panel.paid')}</p>
    </Panel>
  );
}
