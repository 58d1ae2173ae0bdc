import { invariant } from '#lib/core/assert.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import type { CardAct } from '#lib/inventory/lifecycle.ts';
import {
  type ChangeStep,
  FAILURE_POINTS,
  type Market,
  type QueueStep,
  type ReserveStep,
  type Script,
  type Step,
} from './steps.ts';

type Random = () => number;

/** One of a list. */
function oneOf<const T>(next: Random, list: readonly T[]): T {
  const chosen = list[Math.floor(next() * list.length)];
  invariant(chosen !== undefined, 'a list to draw from is not empty');
  return chosen;
}

const upTo = (next: Random, most: number): number => Math.floor(next() * (most + 1));
const chance = (next: Random, share: number): boolean => next() < share;
const PICKS = 9_999;

/** What may happen in a run. Half of all runs keep their cards whole, because only then every promise must be kept. */
type Mood = { readonly isRough: boolean; readonly isTroubled: boolean };

/**
 * What an organisation has besides money, drawn from how much that is, like gangs. The second always has a line, the poor one every
 * other time; the first always has a voucher, the others now and then; the third mostly buys at a price of its own.
 */
function besidesMoney(yuan: number, organisation: number): Partial<Market['organisations'][number]> {
  const hasLine = organisation === 1 || (organisation === 3 && yuan % 2 === 0);
  const hasVoucher = organisation === 0 || yuan % 3 === 0;
  const hours = yuan % 3 === 0 ? null : 4 + (yuan % 100);
  return {
    ...(hasLine && { lineYuan: 100 + (yuan % 3_000) }),
    ...(hasVoucher && { voucher: { yuan: 20 + (yuan % 700), hours: 2 + (yuan % 90) } }),
    ...(organisation === 2 && yuan % 4 > 0 && { agreed: { factorBps: 5_000 + (yuan % 4_500), hours } }),
  };
}

function drawMarket(next: Random): Market {
  const cardsPerServer = oneOf(next, [4, 8, 16]);
  const organisations = Array.from({ length: 4 }, (_, i) => ({
    // The last is poor, so that wallets run dry in every run.
    yuan: i === 3 ? 60 + upTo(next, 400) : 2_000 + upTo(next, 60_000),
    cardQuota: oneOf(next, [cardsPerServer, 3 * cardsPerServer, 10_000]),
    spendingLimitYuan: chance(next, 0.3) ? 500 + upTo(next, 4_000) : null,
  })).map((each, i) => ({ ...each, ...besidesMoney(each.yuan, i) }));
  const projects = Array.from({ length: 1 + upTo(next, 3) }, () => ({
    organisation: upTo(next, organisations.length - 1),
    cardQuota: oneOf(next, [null, 2, cardsPerServer, 2 * cardsPerServer]),
    limitYuan: chance(next, 0.5) ? 100 + upTo(next, 2_000) : null,
    isClosed: chance(next, 0.1),
  }));
  const servers = oneOf(next, [2, 4, 6, 9]);
  // Supernodes are as large there, so that what is drawn for one pool may be asked of the other.
  const hasNeighbour = (organisations[0]?.yuan ?? 0) % 3 > 0;
  return {
    servers,
    cardsPerServer,
    ...(hasNeighbour && { neighbourServers: Math.min(4, servers) }),
    organisations,
    projects,
  };
}

/** Who books, and for which project: mostly one of their own. */
function drawHolder(next: Random, { organisations, projects }: Market) {
  const project = chance(next, 0.5) ? upTo(next, projects.length - 1) : null;
  const own = project === null || chance(next, 0.05) ? undefined : projects[project]?.organisation;
  const organisation = own ?? upTo(next, organisations.length - 1);
  return project === null ? { organisation } : { organisation, project };
}

/**
 * Now and then a gang: in segments where the topology bounds them, or with a preference. Drawn from the step's own length,
 * so that the rest of a run stays as it is without.
 */
function asGang(step: ReserveStep, cardsPerServer: number): ReserveStep {
  const next = mulberry32(step.seconds);
  const preferred = oneOf(next, [null, 'server', 'supernode']);
  const isBounded = step.topology === 'same-server' || step.topology === 'same-supernode';
  const segmentCards = 1 + upTo(next, cardsPerServer - 1);
  if (chance(next, 0.7)) return step;
  if (!isBounded) return preferred === null ? step : { ...step, gang: { segmentCards: null, preferred } };
  return { ...step, cards: segmentCards * (1 + upTo(next, 3)), gang: { segmentCards, preferred } };
}

/** Some of what is wanted is wanted through the queue; drawn from the step's own length, like gangs. */
function asJob({ organisation, project, cards, topology, seconds, waits }: ReserveStep): QueueStep | null {
  const next = mulberry32(seconds + 1);
  if (chance(next, 0.7)) return null;
  return {
    do: 'queue',
    organisation,
    ...(project === undefined ? {} : { project }),
    cards,
    topology,
    tier: oneOf(next, ['standard', 'standard', 'flex', 'flex', 'urgent']),
    seconds: chance(next, 0.9) ? 60 + seconds : seconds,
    deadlineSeconds: chance(next, 0.2) ? seconds + upTo(next, 40_000) : null,
    capYuan: chance(next, 0.1) ? 5 + upTo(next, 10) : null,
    waits,
  };
}

/** Some of it is wanted on account, with a line or without one; drawn from the step's own length, like gangs. */
function onAccount(step: ReserveStep): ReserveStep {
  return chance(mulberry32(step.seconds + 2), 0.3) ? { ...step, isOnAccount: true } : step;
}

function drawReserve(next: Random, market: Market): Step {
  const { cardsPerServer, servers } = market;
  const topology = oneOf(next, ['any', 'any', 'same-server', 'same-supernode', 'whole-servers', 'whole-supernodes']);
  const small = 1 + upTo(next, cardsPerServer - 1);
  const supernodeServers = Math.min(4, servers);
  const cards =
    topology === 'whole-supernodes'
      ? cardsPerServer * supernodeServers * (1 + upTo(next, Math.floor(servers / supernodeServers) - 1))
      : topology === 'whole-servers'
        ? cardsPerServer * (1 + upTo(next, Math.min(3, servers - 1)))
        : topology === 'same-server' || chance(next, 0.6)
          ? small
          : small + upTo(next, cardsPerServer * 2);
  const isAhead = chance(next, 0.6);
  const step: ReserveStep = {
    do: 'reserve',
    ...drawHolder(next, market),
    cards,
    topology,
    leadSeconds: isAhead ? 1 + upTo(next, chance(next, 0.3) ? 4_000 : 60_000) : null,
    by: oneOf(next, ['hours', 'hours', 'hours', 'open', 'day']),
    seconds: 1 + upTo(next, chance(next, 0.2) ? 200_000 : 30_000),
    quote: chance(next, 0.92) ? 'good' : oneOf(next, ['expired', 'tooLow', 'retired']),
    waits: chance(next, 0.4),
  };
  return asJob(step) ?? onAccount(asGang(step, cardsPerServer));
}

/** Some changes are of jobs: taken back or ended by their owners, or over by themselves. Some are of the pool itself. */
function drawChange(next: Random, market: Market): Step {
  const step = drawChangeOfReservation(next);
  const own = mulberry32(step.pick);
  if (chance(own, 0.75)) return asStaffStep(step, market) ?? asOtherAct(step);
  const { pick, isOwn, waits } = step;
  return chance(own, 0.3) ? { do: 'cancelJob', pick, isOwn, waits } : { do: 'jobOver', pick };
}

/** Some of what would be a change is staff's: windows and spares; drawn from the step's own pick, like changes of jobs. */
function asStaffStep({ pick, waits }: ChangeStep, { cardsPerServer }: Market): Step | null {
  const own = mulberry32(pick + 3);
  if (!chance(own, 0.22)) return null;
  if (chance(own, 0.25)) return { do: 'endWindow', pick, waits };
  if (chance(own, 0.15)) return { do: 'spares', shareBps: oneOf(own, [0, 500, 1_500, 3_000]), waits };
  const handling = oneOf(own, ['wait', 'move']);
  const isNow = chance(own, handling === 'wait' ? 0.3 : 0.05);
  return {
    do: 'window',
    pick,
    cards: 1 + upTo(own, cardsPerServer),
    isServer: chance(own, 0.4),
    leadSeconds: isNow ? null : 3_500 + upTo(own, chance(own, 0.5) ? 5_000 : 100_000),
    seconds: chance(own, 0.1) ? null : 1 + upTo(own, 30_000),
    handling,
    waits,
  };
}

/** What else becomes of reservations than an end or an extension; drawn from the step's own pick, like changes of jobs. */
function asOtherAct(step: ChangeStep): ChangeStep {
  const own = mulberry32(step.pick + 1);
  const others =
    step.act === 'extend'
      ? (['autoExtend', 'autoExtend', 'shrink', 'acceptTransfer', 'handOver'] as const)
      : (['refund', 'refund', 'shrink', 'offerTransfer', 'handOver', 'withdrawTransfer'] as const);
  return chance(own, 0.55) ? { ...step, act: oneOf(own, others) } : step;
}

const drawChangeOfReservation = (next: Random): ChangeStep => ({
  do: 'change',
  act: oneOf(next, ['cancel', 'release', 'extend', 'extend']),
  pick: upTo(next, PICKS),
  isOwn: chance(next, 0.95),
  seconds: chance(next, 0.5) ? 3_600 : 1 + upTo(next, 20_000),
  waits: chance(next, 0.3),
});

const ACTS: readonly CardAct[] = [
  'cordon',
  'drain',
  'uncordon',
  'uncordon',
  'startMaintenance',
  'finishMaintenance',
  'finishMaintenance',
  'sendToRepair',
  'takeBack',
  'returnToVendor',
  'receive',
];

const drawCardAct = (next: Random): Step => ({
  do: 'cardAct',
  act: oneOf(next, ACTS),
  pick: upTo(next, PICKS),
  isServer: chance(next, 0.2),
  waits: chance(next, 0.3),
});

const drawHealth = (next: Random): Step => ({
  do: 'health',
  pick: upTo(next, PICKS),
  becomes: oneOf(next, [
    'healthy',
    'healthy',
    'healthy',
    'degraded',
    'unhealthy',
    'unhealthy',
    'unknown',
    'refusing',
    'refused',
  ]),
  agoSeconds: chance(next, 0.5) ? 0 : upTo(next, 90),
});

function drawAdvance(next: Random): Step {
  const most = oneOf(next, [30, 120, 2_000, 2_000, 20_000, 20_000, 250_000]);
  return { do: 'advance', seconds: 1 + upTo(next, most), isPaced: chance(next, 0.6) };
}

function drawTrouble(next: Random): Step {
  const kind = next();
  if (kind < 0.55) return { do: 'failure', at: oneOf(next, FAILURE_POINTS) };
  if (kind < 0.75) return { do: 'poison' };
  return { do: 'leader', isSplit: chance(next, 0.5) };
}

/** Some of what is asked of a pool, or happens to it, is its neighbour's; drawn from the step's own numbers, like gangs. */
function maybeNextDoor(step: Step): Step {
  switch (step.do) {
    case 'reserve':
    case 'queue':
      return chance(mulberry32(step.seconds + 4), 0.35) ? { ...step, isNextDoor: true } : step;
    case 'change':
    case 'cancelJob':
    case 'cardAct':
    case 'window':
    case 'endWindow':
    case 'health':
      return chance(mulberry32(step.pick + 4), 0.35) ? { ...step, isNextDoor: true } : step;
    default:
      return step;
  }
}

function drawStep(next: Random, market: Market, mood: Mood): Step {
  if (mood.isTroubled && chance(next, 0.12)) return drawTrouble(next);
  if (mood.isRough && chance(next, 0.22)) return chance(next, 0.65) ? drawHealth(next) : drawCardAct(next);
  const kind = next();
  if (kind < 0.42) return drawReserve(next, market);
  if (kind < 0.6) return drawChange(next, market);
  if (kind < 0.88) return drawAdvance(next);
  if (kind < 0.93) return { do: 'again', pick: upTo(next, PICKS), isSame: chance(next, 0.7) };
  const organisation = upTo(next, market.organisations.length - 1);
  if (kind < 0.96) return { do: 'rubbish', organisation, form: upTo(next, PICKS), waits: chance(next, 0.5) };
  if (kind < 0.99) return { do: 'topUp', organisation, yuan: 1 + upTo(next, 3_000) };
  return { do: 'reprice', yuan: 5 + upTo(next, 10) };
}

/** The run of a seed: the same seed gives the same market and steps. */
export function drawScript(seed: number, stepCount: number): Script {
  const next = mulberry32(seed);
  const market = drawMarket(next);
  const mood = { isRough: chance(next, 0.5), isTroubled: chance(next, 0.7) };
  return { market, steps: Array.from({ length: stepCount }, () => maybeNextDoor(drawStep(next, market, mood))) };
}
