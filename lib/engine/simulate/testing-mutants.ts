import { plusSeconds } from '#lib/core/instant.ts';
import type { Id } from '#lib/core/id.ts';
import { units } from '#lib/core/money.ts';
import { doAll } from '#lib/core/undo.ts';
import type { RefundFacts } from '#lib/reservations/refund-terms.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Planner } from '#lib/reservations/planner-types.ts';
import { decideRound } from '../batch.ts';
import type { Mind } from '../mind.ts';
import { Committed, type RoundToWrite, type Submission } from './committed.ts';
import type { InvariantName } from './invariants.ts';
import { Leader } from './leader.ts';
import { PARTS, type Parts } from './parts.ts';
import type { ReservationRow, Rows } from './rows.ts';

// One broken rule each: the simulator must report the invariant that the rule is there for.

/** What is decided is changed before it reaches memory and rows. */
function rewriting(rewrite: (change: Change) => Change[]): Parts {
  return {
    ...PARTS,
    decideRound: (mind, input) => {
      const apply = (change: Change) => doAll(rewrite(change), (each) => mind.apply(each));
      const broken: Mind = Object.create(mind, { apply: { value: apply } });
      const round = decideRound(broken, input);
      return { ...round, changes: round.changes.flatMap(rewrite) };
    },
  };
}

/** Every mind that is opened is broken in the same way; `count` says how many were opened before. */
export function breaking(sabotage: (mind: Mind, count: number) => void): Parts {
  let count = 0;
  return {
    ...PARTS,
    openMind: (rows, now) => {
      const mind = PARTS.openMind(rows, now);
      sabotage(mind, count);
      count += 1;
      return mind;
    },
  };
}

export const replace = (target: object, name: string, value: unknown): void => {
  Object.defineProperty(target, name, { value });
};

function planning(change: (planner: Planner, mind: Mind, count: number) => Partial<Planner>): Parts {
  return breaking((mind, count) => {
    const planner = mind.planner;
    replace(mind, 'planner', Object.create(planner, Object.getOwnPropertyDescriptors(change(planner, mind, count))));
  });
}

export const without = <Kind extends Change['kind']>(
  kind: Kind,
  isOut: (change: Extract<Change, { kind: Kind }>) => boolean,
) => rewriting((change) => (change.kind === kind && isOut(change as Extract<Change, { kind: Kind }>) ? [] : [change]));

/** Whatever waits to be bound is looked for ten minutes late, and is not found then. */
function bindingLate(): Parts {
  return breaking(({ book }) => {
    const push = book.waiting.push.bind(book.waiting);
    replace(book.waiting, 'push', (entry: Parameters<typeof push>[0]) => {
      const booked = book.reservations.get(entry.id as Id<'reservation'>);
      push(booked && !booked.isBound ? { ...entry, at: plusSeconds(entry.at, 600) } : entry);
    });
  });
}

class AnswersTwice extends Committed {
  protected override writeEntry(...entry: Parameters<Committed['writeEntry']>): void {
    super.writeEntry(...entry);
    super.writeEntry(...entry);
  }
}
class ForgetsKeys extends Committed {
  override submit(draft: Rows, submission: Submission) {
    return this.insertCommand(draft, submission);
  }
}
class ForgetsInputs extends Committed {
  protected override writeEntry(draft: Rows, entry: Parameters<Committed['writeEntry']>[1], round: RoundToWrite): void {
    super.writeEntry(draft, { ...entry, inputs: {} }, round);
  }
}
class BelievesAnyLeader extends Committed {
  protected override proveLeadership(): void {}
}
class ForgetsLostCards extends Committed {
  override writeRound(draft: Rows, round: RoundToWrite): void {
    const changes = round.changes.map(
      (change): Change =>
        change.kind === 'reservationChanged' ? { ...change, reservation: { ...change.reservation, lost: [] } } : change,
    );
    super.writeRound(draft, { ...round, changes });
  }
}
class ReturnsTwice extends Committed {
  override settle(draft: Rows, row: ReservationRow, now: Parameters<Committed['settle']>[2]): void {
    super.settle(draft, row, now);
    const returned = draft.holds.get(row.id)?.returned ?? 0n;
    draft.wallets.set(row.organisationId, (draft.wallets.get(row.organisationId) ?? 0n) + returned);
  }
}
class KeepsHolds extends Committed {
  override settle(draft: Rows, row: ReservationRow, now: Parameters<Committed['settle']>[2]): void {
    const hold = draft.holds.get(row.id);
    if (hold) draft.holds.set(row.id, hold);
    draft.reservations.set(row.id, { ...row, settledAt: now });
  }
}
class KeepsCharges extends Committed {
  protected override refund(): void {}
}
/** What refunds are decided from, with one rule of it left out: drawn markets meet these too rarely, so a script does. */
export const forgetting = (what: Partial<RefundFacts>): (() => Parts) => {
  return () => ({
    ...PARTS,
    decideRound: (mind, input) => {
      for (const [id, facts] of mind.book.refunds) mind.book.refunds.set(id, { ...facts, ...what });
      return decideRound(mind, input);
    },
  });
};
class NeverAnswersFailed extends Leader {
  protected override answerFailed(): void {}
}
class KeepsRefusedRounds extends Leader {
  protected override takeBack(): void {}
}

/** Answers the commands of a round that are refused as if they could not be written. */
const failingNeighbours: Parts['decideRound'] = (mind, input) => {
  const round = decideRound(mind, input);
  const entries = round.entries.map((entry) =>
    entry.command && !entry.answer.ok
      ? { ...entry, answer: { ok: false, refusal: { code: 'decisionFailed' } } as const }
      : entry,
  );
  return { ...round, entries };
};

const refusalsWithEvents: Parts['decideRound'] = (mind, input) => {
  const round = decideRound(mind, input);
  const isRefused = round.entries.some(({ command, answer }) => command !== null && !answer.ok);
  const [organisationId] = mind.book.limits.keys();
  if (!isRefused || !organisationId) return round;
  const event: Change = {
    kind: 'event',
    reservationId: 'rsv_none' as Booked['id'],
    organisationId,
    at: input.now,
    event: 'reserved',
    data: {},
  };
  return { ...round, changes: [...round.changes, event] };
};

const RICH = units(10n ** 18n);
const NO_LIMIT = { cardQuota: 1_000_000, monthlySpendingLimitUnits: null };

export type Mutant = { readonly name: string; readonly breaks: InvariantName; readonly parts: () => Parts };

/** Rules one broken each, but for the queue's (`testing-queue-mutants.ts`) and those of changes and windows (`testing-change-mutants.ts`). */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the plan forgets how long a card is bound',
    breaks: 'cardsServeOne',
    parts: () =>
      breaking(({ state }) => {
        const bind = state.bind.bind(state);
        replace(state, 'bind', (bindings: Parameters<typeof bind>[0]) =>
          bind(bindings.map((each) => ({ ...each, interval: { ...each.interval, endAt: each.interval.startAt } }))),
        );
      }),
  },
  {
    name: 'a gang is bound one card short',
    breaks: 'gangsWhole',
    parts: () =>
      rewriting((change) =>
        change.kind === 'cardsBound' ? [{ ...change, bindings: change.bindings.slice(1) }] : [change],
      ),
  },
  {
    name: 'a re-plan drops a promise',
    breaks: 'promisesPlanned',
    parts: () => rewriting((change) => (change.kind === 'replanned' ? [{ ...change, shares: [] }] : [change])),
  },
  {
    name: 'the placement forgets the topology',
    breaks: 'topologiesKept',
    parts: () =>
      planning((planner) => ({ plan: (candidate, toBind) => planner.plan({ ...candidate, topology: 'any' }, toBind) })),
  },
  {
    name: 'what does not fit is promised anyway',
    breaks: 'nothingOverpromised',
    parts: () =>
      planning((planner) => ({
        plan: (candidate, toBind) =>
          planner.plan(candidate, toBind) ??
          (toBind ? null : { shares: [{ server: 0, cards: candidate.cards }], moved: [] }),
      })),
  },
  {
    name: 'a card that somebody has is taken into work',
    breaks: 'workedCardsEmpty',
    parts: () =>
      rewriting((change) =>
        change.kind === 'cardsMoved' && change.act === 'cordon' ? [{ ...change, act: 'startMaintenance' }] : [change],
      ),
  },
  {
    name: 'the plan does not hear that a card takes no new work',
    breaks: 'newWorkOnUsable',
    parts: () => breaking(({ state }) => replace(state, 'setUsable', () => () => {})),
  },
  {
    name: 'the plan keeps what was given back',
    breaks: 'planFollowsBook',
    parts: () => breaking(({ state }) => replace(state, 'unbind', () => () => {})),
  },
  {
    name: 'a command that cannot be written waits for ever',
    breaks: 'nothingWaits',
    parts: () => ({ ...PARTS, Leader: NeverAnswersFailed }),
  },
  {
    name: 'an end comes a minute late',
    breaks: 'endsOnTime',
    parts: () =>
      rewriting((change) =>
        change.kind === 'reservationEnded' && change.reason === 'term'
          ? [{ ...change, at: plusSeconds(change.at, 60) }]
          : [change],
      ),
  },
  { name: 'the end keeps the cards', breaks: 'overMeansOver', parts: () => without('bindingsClosed', () => true) },
  { name: 'cards are bound ten minutes late', breaks: 'boundInTime', parts: bindingLate },
  {
    name: 'nobody looks into the wallet',
    breaks: 'walletsCovered',
    parts: () => ({
      ...PARTS,
      decideRound: (mind, input) =>
        decideRound(mind, { ...input, wallets: new Map([...input.wallets.keys()].map((id) => [id, RICH])) }),
    }),
  },
  {
    name: 'nobody looks at the credit line',
    breaks: 'linesKept',
    parts: () => ({
      ...PARTS,
      decideRound: (mind, input) => {
        for (const [id, line] of mind.book.lines) mind.book.lines.set(id, { ...line, freeUnits: RICH });
        return decideRound(mind, input);
      },
    }),
  },
  { name: 'the rest comes back twice', breaks: 'moneyConserved', parts: () => ({ ...PARTS, Committed: ReturnsTwice }) },
  {
    name: 'an extension sets nothing aside',
    breaks: 'holdsAsAgreed',
    parts: () => without('moneyPlaced', ({ step }) => step > 0),
  },
  {
    name: 'a refunded term keeps what it was charged',
    breaks: 'refundsKept',
    parts: () => ({ ...PARTS, Committed: KeepsCharges }),
  },
  {
    name: 'a refund is not noted',
    breaks: 'refundsKept',
    parts: () => without('termRefunded', () => true),
  },
  { name: 'a hold is not released', breaks: 'holdsResolved', parts: () => ({ ...PARTS, Committed: KeepsHolds }) },
  {
    name: 'quotas and limits are not read',
    breaks: 'limitsKept',
    parts: () => ({
      ...PARTS,
      decideRound: (mind, input) => {
        for (const id of mind.book.limits.keys()) mind.book.limits.set(id, NO_LIMIT);
        return decideRound(mind, input);
      },
    }),
  },
  {
    name: 'quotas and limits of projects are not read',
    breaks: 'projectsKept',
    parts: () => ({
      ...PARTS,
      decideRound: (mind, input) => {
        for (const [id, project] of mind.book.projects)
          mind.book.projects.set(id, { ...project, cardQuota: null, monthlySpendingLimitUnits: null });
        return decideRound(mind, input);
      },
    }),
  },
  {
    name: 'held hours count for no limit',
    breaks: 'limitsKept',
    parts: () =>
      breaking(({ book }) => {
        const apply = book.apply.bind(book);
        replace(book, 'apply', (change: Change) =>
          change.kind === 'moneyPlaced' && change.reservation.heldUntil !== null && change.step > 0
            ? () => {}
            : apply(change),
        );
      }),
  },
  { name: 'a command is answered twice', breaks: 'answeredOnce', parts: () => ({ ...PARTS, Committed: AnswersTwice }) },
  { name: 'a key is forgotten', breaks: 'keysAreKept', parts: () => ({ ...PARTS, Committed: ForgetsKeys }) },
  {
    name: 'a refused command changes something',
    breaks: 'refusedChangesNothing',
    parts: () => ({ ...PARTS, decideRound: refusalsWithEvents }),
  },
  {
    name: 'a refusal is answered as a failure',
    breaks: 'failuresHarmNobody',
    parts: () => ({ ...PARTS, decideRound: failingNeighbours }),
  },
  {
    name: 'the undo forgets what was set aside',
    breaks: 'undoExact',
    parts: () =>
      breaking((mind) => {
        const apply = mind.apply.bind(mind);
        replace(mind, 'apply', (change: Change) => {
          const undo = apply(change);
          return change.kind === 'moneyPlaced' ? () => {} : undo;
        });
      }),
  },
  {
    name: 'a round that was refused is not taken back',
    breaks: 'undoExact',
    parts: () => ({ ...PARTS, Leader: KeepsRefusedRounds }),
  },
  {
    name: 'the rows forget which cards are lost',
    breaks: 'rebuiltEqual',
    parts: () => ({ ...PARTS, Committed: ForgetsLostCards }),
  },
  {
    name: 'a decision depends on what no row holds',
    breaks: 'rebuiltDecidesAlike',
    parts: () =>
      planning((planner, _, count) => ({
        plan: (candidate, toBind) => (count > 0 && candidate.cards === 1 ? null : planner.plan(candidate, toBind)),
      })),
  },
  {
    name: 'a deposed leader may write',
    breaks: 'deposedWritesNothing',
    parts: () => ({ ...PARTS, Committed: BelievesAnyLeader }),
  },
  {
    name: 'the log forgets what a decision saw',
    breaks: 'logReplays',
    parts: () => ({ ...PARTS, Committed: ForgetsInputs }),
  },
  {
    name: 'the search for an earliest start throws',
    breaks: 'coreHolds',
    parts: () =>
      planning(() => ({
        earliestStart: () => {
          throw new Error('there is no earliest start');
        },
      })),
  },
];
