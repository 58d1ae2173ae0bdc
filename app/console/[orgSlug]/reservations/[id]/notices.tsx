import { ExplanationAlert } from '#components/explain/explanation-alert.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { Alert } from '#components/ui/alert.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { ReservationPage } from '#lib/reservations/detail.ts';
import { explain } from '#lib/reservations/explain.ts';

/** What somebody must know of a reservation before anything else. */
export async function Notices({ ctx, found }: { ctx: Ctx; found: ReservationPage }) {
  const t = await getTranslations('reservations');
  const { id, state, missingCards, interval, settledAt, purchase } = found.reservation;
  const waiting = state === 'confirmed' || missingCards > 0 ? await explain(ctx, id) : null;
  const isEndingForFunds = state === 'active' && found.events.rows.find(isAboutEnd)?.kind === 'endingForFunds';
  const isUnsettledTerm = state === 'ended' && purchase === 'by-card' && settledAt === null;
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
      {isEndingForFunds && <Alert kind="warn">{t('notice.funds', { at: end })}</Alert>}
      {isUnsettledTerm && <Alert>{t('notice.unsettledTerm', { at: end })}</Alert>}
    </>
  );
}

/** The events that move the end: an extension after a lack of money takes the warning away. */
function isAboutEnd({ kind }: ReservationPage['events']['rows'][number]): boolean {
  return kind === 'endingForFunds' || kind === 'extended';
}
