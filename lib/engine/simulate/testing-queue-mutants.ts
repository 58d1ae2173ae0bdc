import { plusSeconds } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { doAll } from '#lib/core/undo.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Mind } from '../mind.ts';
import { decideQueue, type QueueRound } from '../queue-deciding.ts';
import { PARTS, type Parts } from './parts.ts';
import type { Mutant } from './testing-mutants.ts';

// The queue with one broken rule each.

/** What a round of the queue decides is changed before it reaches memory and rows. */
function rewriting(rewrite: (change: Change) => Change[]): Parts {
  return {
    ...PARTS,
    decideQueue: (mind, input) => {
      const apply = (change: Change) => doAll(rewrite(change), (each) => mind.apply(each));
      const broken: Mind = Object.create(mind, { apply: { value: apply } });
      const round = decideQueue(broken, input);
      return { ...round, changes: round.changes.flatMap(rewrite) };
    },
  };
}

const without = (kind: Change['kind']): Parts => rewriting((change) => (change.kind === kind ? [] : [change]));

const after = (change: (round: QueueRound) => Partial<QueueRound>): Parts => ({
  ...PARTS,
  decideQueue: (mind, input) => {
    const round = decideQueue(mind, input);
    return { ...round, ...change(round) };
  },
});

const RICH = units(10n ** 18n);

export const QUEUE_MUTANTS: readonly Mutant[] = [
  { name: 'a job that started stays in the queue', breaks: 'jobsAsAccepted', parts: () => without('jobStarted') },
  {
    name: 'a job is given an hour more than it may run',
    breaks: 'jobsAsAsked',
    parts: () =>
      rewriting((change) => {
        if (change.kind !== 'reservationAdded' || change.reservation.interval.endAt === null) return [change];
        const { reservation } = change;
        const interval = { ...reservation.interval, endAt: plusSeconds(change.reservation.interval.endAt, 3_600) };
        return [{ ...change, reservation: { ...reservation, interval } }];
      }),
  },
  { name: 'nobody is told why a job waits', breaks: 'jobsTold', parts: () => without('jobsExplained') },
  {
    name: 'the queue does not look into the wallet',
    breaks: 'walletsCovered',
    parts: () => ({
      ...PARTS,
      decideQueue: (mind, input) =>
        decideQueue(mind, { ...input, wallets: new Map([...input.wallets.keys()].map((id) => [id, RICH])) }),
    }),
  },
  {
    name: 'the queue starts jobs that set nothing aside',
    breaks: 'holdsResolved',
    parts: () => without('moneyPlaced'),
  },
  {
    name: 'a round of the queue that was refused stays in memory',
    breaks: 'undoExact',
    parts: () => after(() => ({ undo: () => {} })),
  },
  { name: 'the log forgets what the queue saw', breaks: 'logReplays', parts: () => after(() => ({ inputs: {} })) },
];
