import { formatInstant } from '#components/format/instant.ts';
import { Alert } from '#components/ui/alert.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationPage } from '#lib/reservations/detail.ts';
import { AheadAlert, aheadOf } from './ahead-alert.tsx';

/** What somebody must know of a reservation before anything else. */
export async function Notices({ orgSlug, found }: { orgSlug: string; found: ReservationPage }) {
  const t = await getTranslations('reservations');
  const { state, missingCards, isBound, interval, settledAt, purchase } = found.reservation;
  const isEndingForFunds = state === 'active' && found.events.rows.find(isAboutEnd)?.kind === 'endingForFunds';
  const isUnsettledTerm = state === 'ended' && purchase === 'by-card' && settledAt === null;
  const ahead = aheadOf(found);
  const end = interval.endAt === null ? '' : formatInstant(interval.endAt);
  return (
    <>
      {state === 'active' && missingCards > 0 && (
        <Alert kind="warn">{t('notice.missing', { count: missingCards })}</Alert>
      )}
      {isEndingForFunds && <Alert kind="warn">{t('notice.funds', { at: end })}</Alert>}
      {ahead && <AheadAlert orgSlug={orgSlug} found={found} warning={ahead} />}
      {state === 'confirmed' && !isBound && <Alert>{t('notice.bindLater')}</Alert>}
      {isUnsettledTerm && <Alert>{t('notice.unsettledTerm', { at: end })}</Alert>}
    </>
  );
}

/** The events that move the end: an extension after a lack of money takes the warning away. */
function isAboutEnd({ kind }: ReservationPage['events']['rows'][number]): boolean {
  return kind === 'endingForFunds' || kind === 'extended' || kind === 'autoExtended';
}
