import { floorToSecond, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { type Interval, overlaps } from '#lib/core/interval.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { PoolMind } from './book.ts';
import {
  effectOf,
  type MaintenanceWindow,
  MOVE_NOTICE_SECONDS,
  NOTICE_LEADS_SECONDS,
  WINDOW_SECONDS_MAX,
} from './maintenance-types.ts';
import type { Change, Decision } from './decision-types.ts';
import type { Command, CommandPayload, ReservationRefusal } from './command-types.ts';
import { blockedInterval, giveBack, keptCards, tellHolders } from './windows.ts';

type Payload<K extends CommandPayload['kind']> = Extract<CommandPayload, { kind: K }>;
type Aim = Pick<Payload<'planDrain'>, 'cardIds' | 'startAt' | 'endAt'>;

const no = (refusal: ReservationRefusal): Decision => ({ answer: refuse(refusal), changes: [] });
const yes = (changes: Change[]): Decision => ({ answer: accept({ reservationId: null }), changes });

/** The cards and the time that a drain is about, when they can be. */
function aimOf(
  mind: PoolMind,
  { cardIds, startAt, endAt }: Aim,
  now: Instant,
): Result<{ readonly cards: number[]; readonly interval: Interval }, ReservationRefusal> {
  const cards = cardIds.map((id) => mind.book.cardOrdinals.get(id));
  const known = cards.filter((card) => card !== undefined);
  if (known.length < cards.length) return refuse({ code: 'cardUnknown' });
  const second = floorToSecond(now);
  const interval = {
    startAt: startAt === null ? second : floorToSecond(instant(startAt)),
    endAt: endAt === null ? null : floorToSecond(instant(endAt)),
  };
  if (interval.startAt < second || (interval.endAt !== null && interval.endAt <= interval.startAt))
    return refuse({ code: 'windowInPast' });
  if (interval.endAt !== null && interval.endAt > plusSeconds(interval.startAt, WINDOW_SECONDS_MAX))
    return refuse({ code: 'windowTooLong', daysMax: WINDOW_SECONDS_MAX / 86_400 });
  const chosen = keptCards(mind.book, known, interval, now);
  const clashes = [...mind.book.windows.values()].flatMap(({ cards, interval: other, plannedAt }) =>
    [...keptCards(mind.book, cards.keys(), other, plannedAt)].flatMap(([card, kept]) => {
      const own = chosen.get(card);
      return own && overlaps(own, kept) ? [card] : [];
    }),
  );
  if (clashes.length > 0) return refuse({ code: 'windowOverlaps', cards: new Set(clashes).size });
  return accept({ cards: [...chosen.keys()].sort((a, b) => a - b), interval });
}

/** Works out what emptying cards would do, and keeps it for whoever asked. Changes nothing else. */
export function decidePlanDrain(
  mind: PoolMind,
  command: Command,
  payload: Payload<'planDrain'>,
  now: Instant,
): Decision {
  const aim = aimOf(mind, payload, now);
  if (!aim.ok) return no(aim.refusal);
  const { cards, interval } = aim.value;
  const plan = {
    id: payload.drainPlanId as Extract<Change, { kind: 'drainPlanned' }>['plan']['id'],
    cards,
    interval,
    planVersion: mind.planner.version,
    madeBy: command.actor,
    madeAt: now,
    outcome: mind.planner.planDrain(keptCards(mind.book, cards, interval, now), blockedInterval(interval)).outcome,
  };
  return yes([{ kind: 'drainPlanned', plan }]);
}

/**
 * Plans a window as it was shown: refused when it would hit others, or otherwise, by now. A promise is not broken for a
 * screwdriver: one that fits nowhere else refuses the window. From now on nothing is promised on the cards for its time.
 */
export function decidePlanWindow(
  mind: PoolMind,
  command: Command,
  payload: Payload<'planWindow'>,
  now: Instant,
): Decision {
  const aim = aimOf(mind, payload, now);
  if (!aim.ok) return no(aim.refusal);
  const { cards, interval } = aim.value;
  const isShort = interval.startAt < plusSeconds(floorToSecond(now), MOVE_NOTICE_SECONDS);
  if (payload.handling === 'move' && isShort)
    return no({ code: 'noticeTooShort', minutesMin: MOVE_NOTICE_SECONDS / 60 });
  const { outcome, moved } = mind.planner.planDrain(
    keptCards(mind.book, cards, interval, now),
    blockedInterval(interval),
  );
  if (effectOf(outcome) !== payload.expectedEffect) return no({ code: 'drainPlanChanged' });
  const stuck = outcome.promises.filter(({ servers }) => servers === null).length;
  if (stuck > 0) return no({ code: 'promisesStuck', promises: stuck });
  const leads = NOTICE_LEADS_SECONDS.filter((lead) => plusSeconds(interval.startAt, -lead) <= now);
  const window: MaintenanceWindow = {
    id: payload.windowId as MaintenanceWindow['id'],
    interval,
    handling: payload.handling,
    reason: payload.reason,
    state: 'planned',
    cards: new Map(cards.map((card) => [card, 'planned'])),
    noticesGiven: leads.length,
    retryAt: null,
    plannedBy: command.actor,
    plannedAt: now,
    endedAt: null,
  };
  return yes([
    ...moved.map((promise): Change => ({ kind: 'replanned', ...promise })),
    { kind: 'windowChanged', window },
    ...(leads.length > 0 ? tellHolders(mind, window, 'maintenanceAhead', now) : []),
  ]);
}

/** Calls a planned window off, or ends a running one now. Holders that were told hear of it. */
export function decideEndWindow(mind: PoolMind, payload: Payload<'endWindow'>, now: Instant): Decision {
  const window = mind.book.windows.get(payload.windowId as MaintenanceWindow['id']);
  // The mind remembers live windows only; the service knows whether there was ever one of that id.
  if (!window) return no({ code: 'windowUnknown' });
  if (window.state === 'running') return yes(giveBack(mind, window, floorToSecond(now)));
  return yes([
    { kind: 'windowChanged', window: { ...window, state: 'cancelled', endedAt: now } },
    ...(window.noticesGiven > 0 ? tellHolders(mind, window, 'maintenanceCalledOff', now) : []),
  ]);
}
