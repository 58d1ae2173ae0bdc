import type { ReactNode } from 'react';
import { formatInstant } from '#components/format/instant.ts';
import { formatGib, formatPower } from '#components/reservations/quantities.ts';
import { Reading } from '#components/reservations/reading.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Progress } from '#components/ui/progress.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { summarizeReadings } from '#lib/devices/service.ts';
import { getTranslations } from '#lib/i18n/server.ts';

function Meter({ label, value, children }: { label: string; value: ReactNode; children?: ReactNode }) {
  return (
    <div className="grid content-start gap-1.5">
      <dt className="text-xs text-ink-2">{label}</dt>
      <dd className="num text-lg font-semibold">{value}</dd>
      {children !== undefined && <dd>{children}</dd>}
    </div>
  );
}

/** What the cards of a running reservation measure now, summed up; cards that do not tell are not counted as idle. */
export async function LivePanel({ ctx, reservationId }: { ctx: Ctx; reservationId: string }) {
  const t = await getTranslations('reservations');
  const live = await summarizeReadings(ctx, { reservationId });
  if (live.sampledAt === null) {
    return (
      <Panel title={t('live.title')}>
        <p className="text-sm text-ink-2">{t('live.none')}</p>
      </Panel>
    );
  }
  const unknown = t('live.unknown');
  const { utilPctAverage: util, powerMwTotal: power, tempCMax: temp, memUsedBytesTotal: used } = live;
  const usable = live.memUsableBytesTotal;
  const hasMemory = used !== null && usable !== null;
  return (
    <Panel
      title={t('live.title')}
      description={`${t('live.asOf', { at: formatInstant(live.sampledAt, 'seconds') })} · ${t('live.known', { known: live.known, cards: live.cards })}`}
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-5 md:grid-cols-4">
        <Meter label={t('live.util')} value={<Reading value={util === null ? null : `${util}%`} unknown={unknown} />}>
          {util !== null && <Progress label={t('live.util')} value={util} max={100} />}
        </Meter>
        <Meter
          label={t('live.memory')}
          value={
            <Reading value={hasMemory ? `${formatGib(used)} / ${formatGib(usable)} GiB` : null} unknown={unknown} />
          }
        >
          {hasMemory && <Progress label={t('live.memory')} value={used} max={usable} />}
        </Meter>
        <Meter
          label={t('live.power')}
          value={<Reading value={power === null ? null : formatPower(power)} unknown={unknown} />}
        />
        <Meter
          label={t('live.temp')}
          value={<Reading value={temp === null ? null : `${temp} °C`} unknown={unknown} />}
        />
      </dl>
    </Panel>
  );
}
