import { getTranslations } from '#lib/i18n/server.ts';
import { type CardStates, type Condition, conditionOf, isTakenOut } from '#lib/inventory/condition.ts';
import { isDrained, type Lifecycle } from '#lib/inventory/lifecycle.ts';
import type { Health } from '#lib/inventory/types.ts';
import type { CardRow, FaultRef } from '#lib/inventory/view-types.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { REASONS } from './known-words.ts';
import { ConditionSwatch } from './condition-swatch.tsx';

const CONDITION_TONES = {
  free: 'neutral',
  heldSoon: 'waiting',
  inUse: 'active',
  cordoned: 'warn',
  maintenance: 'waiting',
  unhealthy: 'danger',
  unknown: 'danger',
  spare: 'neutral',
} as const satisfies Record<Condition, Tone>;

export const HEALTH_TONES = {
  healthy: 'ok',
  degraded: 'warn',
  unhealthy: 'danger',
  unknown: 'danger',
} as const satisfies Record<Health, Tone>;

export const LIFECYCLE_TONES = {
  in_service: 'ok',
  cordoned: 'warn',
  draining: 'warn',
  maintenance: 'waiting',
  repair: 'danger',
  returned: 'neutral',
} as const satisfies Record<Lifecycle, Tone>;

/** Where a card is in its life; for one that is being emptied, whether it is empty. */
export async function LifecycleBadge({ card }: { card: Pick<CardRow, 'lifecycle' | 'holder'> }) {
  const t = await getTranslations('lifecycle');
  const { lifecycle } = card;
  const isEmpty = isDrained({ lifecycle, isHeld: card.holder !== null });
  return (
    <Badge tone={isEmpty ? 'ok' : LIFECYCLE_TONES[lifecycle]}>{isEmpty ? t('drained') : t(`state.${lifecycle}`)}</Badge>
  );
}

/** Conditions that say nothing of whether more work may come. */
const HIDES_TAKEN_OUT: ReadonlySet<Condition> = new Set(['inUse', 'heldSoon']);

/** The states of a card's row as its condition is decided from. */
export function statesOf(card: CardRow): CardStates {
  const { health, takesNewWork, probationUntil, lifecycle, commercial, holder } = card;
  const held = holder === null ? null : holder.isRunning ? 'running' : 'soon';
  return { health, takesNewWork, isOnProbation: probationUntil !== null, lifecycle, commercial, holder: held };
}

/** The condition that says as much as the state of life does. */
const CONDITION_OF: Readonly<Partial<Record<Lifecycle, Condition>>> = {
  cordoned: 'cordoned',
  maintenance: 'maintenance',
};

/** What a card is good for now, in the map's look; beside it what its condition hides. */
export async function ConditionBadge({ card }: { card: CardRow }) {
  const t = await getTranslations('ops');
  const states = statesOf(card);
  const condition = conditionOf(states);
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      <Badge tone={CONDITION_TONES[condition]} hasIcon={false}>
        <ConditionSwatch condition={condition} />
        {t(`condition.${condition}`)}
      </Badge>
      {isTakenOut(states) && card.lifecycle === 'in_service' && HIDES_TAKEN_OUT.has(condition) && (
        <Badge tone="warn">{t('mark.takenOut')}</Badge>
      )}
      {CONDITION_OF[card.lifecycle] !== condition && card.lifecycle !== 'in_service' && <LifecycleBadge card={card} />}
      {card.probationUntil !== null && <Badge tone="warn">{t('mark.probation')}</Badge>}
      {card.health === 'degraded' && <Badge tone="warn">{t('mark.degraded')}</Badge>}
    </span>
  );
}

/** A fault in words with its XID; as the device layer calls it where there is no word for it. */
export async function FaultName({ fault }: { fault: Pick<FaultRef, 'kind' | 'xid'> }) {
  const t = await getTranslations('hardware');
  const known = REASONS.find((reason) => reason === fault.kind);
  return (
    <>
      {known ? t(`reason.${known}`) : fault.kind}
      {fault.xid !== null && <span className="num ml-1.5 text-xs text-ink-3">XID {fault.xid}</span>}
    </>
  );
}

/** How bad a fault is. */
export async function SeverityBadge({ severity }: { severity: FaultRef['severity'] }) {
  const t = await getTranslations('ops');
  return <Badge tone={severity === 'fatal' ? 'danger' : 'warn'}>{t(`severity.${severity}`)}</Badge>;
}
