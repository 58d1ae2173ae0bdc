import { ExplanationAlert } from '#components/explain/explanation-alert.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { Alert } from '#components/ui/alert.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { ReservationPage } from '#lib/reservations/detail.ts';
import { explain } from '#lib/reservations/explain.ts';
import { RESERVATION_CAN } from '#lib/reservations/types.ts';
import { AheadAlert, aheadOf } from './ahead-alert.tsx';
import { HeldByHour } from './held-by-hour.tsx';

/** What somebody must know of a reservation before anything else. */
export async function Notices({ ctx, orgSlug, found }: { ctx: Ctx; orgSlug: string; found: ReservationPage }) {
  const [t, m] = [await getTranslations('reservations'), await getTranslations('maintenance')];
  const maintenance = maintenanceAhead(found, ctx.now);
  const { id, state, missingCards, interval, settledAt, purchase } = found.reservation;
  const waiting = state === 'confirmed' || missingCards > 0 ? await explain(ctx, id) : null;
  const ending = state === 'active' ? found.events.rows.find(isAboutEnd) : undefined;
  const isUnsettledTerm = state === 'ended' && purchase === 'by-card' && settledAt === null;
  const ahead = aheadOf(found);
  const end = interval.endAt === null ? '' : formatInstant(interval.endAt);
  return (
    <>
      {waiting?.explanation && (
        <ExplanationAlert
          locale={await requestLocale()}
          kind={waiting.explanation.token === 'waitingForStart' ? 'info' : 'warn'}
          explanation={waiting.explanation}
          blockers={waiting.blockers}
        />
      )}
      {maintenance && (
        <Alert kind="warn">
          {m(`notice.${maintenance.handling}`, { cards: maintenance.cards, at: formatInstant(maintenance.fromAt) })}
        </Alert>
      )}
      {ending?.kind === 'graceGiven' && (
        <Alert kind="warn">
          {t('notice.grace', { at: formatInstant(instant(Number(ending.data['endAt'] ?? 0))) })}
        </Alert>
      )}
      {ending?.kind === 'endingForFunds' && <Alert kind="warn">{t('notice.funds', { at: end })}</Alert>}
      {ending?.kind === 'endingForLimit' && (
        <Alert kind="warn">
          {t(`notice.limit.${ending.data['of'] === 'project' ? 'project' : 'organisation'}`, { at: end })}
        </Alert>
      )}
      {state === 'active' && <HeldByHour ctx={ctx} reservation={found.reservation} />}
      {ahead && <AheadAlert orgSlug={orgSlug} found={found} warning={ahead} />}
      {isUnsettledTerm && <Alert>{t('notice.unsettledTerm', { at: end })}</Alert>}
    </>
  );
}

/** The maintenance that was announced last, unless it was called off or is over for this reservation. */
function maintenanceAhead({ reservation, events }: ReservationPage, now: Instant) {
  const last = events.rows.find(({ kind }) => kind === 'maintenanceAhead' || kind === 'maintenanceCalledOff');
  if (last?.kind !== 'maintenanceAhead' || !RESERVATION_CAN.submitWorkload.some((state) => state === reservation.state))
    return null;
  const { fromAt, untilAt, cards, handling } = last.data;
  if (typeof fromAt !== 'number' || typeof cards !== 'number') return null;
  const isMove = handling === 'move';
  const isOver = isMove ? fromAt <= now : typeof untilAt === 'number' && untilAt <= now;
  return isOver ? null : { fromAt: instant(fromAt), cards, handling: isMove ? ('move' as const) : ('wait' as const) };
}

const ABOUT_END: ReadonlySet<ReservationPage['events']['rows'][number]['kind']> = new Set([
  'graceGiven',
  'graceOver',
  'endingForFunds',
  'endingForLimit',
  'extended',
  'autoExtended',
] as const);

/** The events that move the end: an extension after a lack of money or room in a limit takes the warning away. */
function isAboutEnd({ kind }: ReservationPage['events']['rows'][number]): boolean {
  return ABOUT_END.has(kind);
}
