import { getTranslations } from '#lib/i18n/server.ts';
import type { HitReservation, IncidentView } from '#lib/inventory/incident-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Cards } from '../format/quantity-text.tsx';
import { Badge } from '../ui/badge.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { HEALTH_TONES, LIFECYCLE_TONES } from './badges.tsx';
import { nextStep } from './next-step.ts';
import { shortPath } from './place-text.ts';

/** Where a fault is: one card, or so many of a server. */
export async function IncidentPlace({ incident }: { incident: IncidentView }) {
  const [t, o] = [await getTranslations('faults'), await getTranslations('ops')];
  const { cards, serverId, serverPath } = incident;
  const [only] = cards;
  const path = shortPath(serverPath);
  if (cards.length === 1 && only)
    return (
      <TextLink href={`/ops/cards/${only.cardId}`} prefetch={false} className="num whitespace-nowrap">
        {o('place.slot', { path, slot: only.slot })}
      </TextLink>
    );
  return (
    <span className="whitespace-nowrap">
      <TextLink href={`/ops/servers/${serverId}`} prefetch={false} className="num">
        {path}
      </TextLink>
      <span className="ml-1.5 text-ink-2">{t('wholeServer', { cards: cards.length })}</span>
    </span>
  );
}

const HITS_SHOWN = 3;

/** Whose reservations a fault hits: those that still have its cards first. */
export async function Hits({ hits, most = HITS_SHOWN }: { hits: readonly HitReservation[]; most?: number }) {
  const t = await getTranslations('faults');
  if (hits.length === 0) return <span className="text-ink-3">{t('hitsNone')}</span>;
  return (
    <ul className="grid gap-0.5">
      {hits.slice(0, most).map(({ reservationId, name, organisationName, cards, isStillHit }) => (
        <li key={reservationId} className={isStillHit ? undefined : 'text-ink-3'}>
          <TextLink href={`/ops/reservations?tab=all&q=${reservationId}`} prefetch={false}>
            {name}
          </TextLink>
          <span className="ml-1.5 text-ink-2">{organisationName}</span> <Cards count={cards} />
          {!isStillHit && <span className="ml-1.5 text-xs">{t('hitBefore')}</span>}
        </li>
      ))}
      {hits.length > most && <li className="text-xs text-ink-3">{t('hitsMore', { count: hits.length - most })}</li>}
    </ul>
  );
}

/** What to do next, in the words of ops; of what is over, how it ended. */
export async function NextStepText({ incident }: { incident: IncidentView }) {
  const t = await getTranslations('faults');
  const { resolvedAt, resolvedBy, resolution, resolvesAt } = incident;
  if (resolvedAt !== null)
    return (
      <span>
        {resolution ?? t('byDevice')}{' '}
        {resolution !== null && resolvedBy !== null && (
          <span className="text-ink-2">{t('resolvedBy', { who: resolvedBy })}</span>
        )}
      </span>
    );
  return (
    <span className="grid gap-1">
      {resolvesAt === null ? (
        t(`steps.${nextStep(incident).steps}`)
      ) : (
        <span className="text-ok">
          {t('wellAgain')} <InstantText at={resolvesAt} hasSeconds />
        </span>
      )}
    </span>
  );
}

/** Who works on it. */
export async function OwnerBadge({ incident: { owner } }: { incident: IncidentView }) {
  const t = await getTranslations('faults');
  return owner === null ? <Badge tone="warn">{t('ownerNone')}</Badge> : <Badge tone="active">{owner.name}</Badge>;
}

/** The cards of a fault case, with how they are now. */
export async function HitCards({ incident }: { incident: IncidentView }) {
  const [o, l] = [await getTranslations('ops'), await getTranslations('lifecycle')];
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-2 text-sm">
      {incident.cards.map(({ cardId, slot, health, lifecycle }) => (
        <li key={cardId} className="flex items-center gap-1.5">
          <TextLink href={`/ops/cards/${cardId}`} prefetch={false} className="num">
            {o('place.slotShort', { slot })}
          </TextLink>
          <Badge tone={HEALTH_TONES[health]}>{o(`health.${health}`)}</Badge>
          {lifecycle !== 'in_service' && <Badge tone={LIFECYCLE_TONES[lifecycle]}>{l(`state.${lifecycle}`)}</Badge>}
        </li>
      ))}
    </ul>
  );
}
