import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import type { Topology } from '#lib/core/topology.ts';
import { reservationOfJob } from '#lib/reservations/queue/types.ts';
import { commandPayload } from '#lib/reservations/command-types.ts';
import type { Mind } from './mind.ts';
import { booking, T0 } from './testing.ts';
import { jobRefusalOf, minutes, queuePool, roundOf, startedIn, submitJob, waitOf, wishOf } from './testing-queue.ts';

// Supernodes of 4 servers of 16 cards.

const idOf = (name: string) => reservationOfJob(`job_${name}` as Id<'job'>);
const supernodesOf = (mind: Mind, name: string): number[] => {
  const supernodeOf = (card: number) => mind.state.serverSupernode[mind.state.cardServer[card] ?? 0] ?? -1;
  return [...new Set(mind.book.bindingsOf(idOf(name)).map(({ card }) => supernodeOf(card)))];
};

/** Two supernodes of 64 cards, of which 40 each are taken for an hour. */
function halfTaken(): Mind {
  const mind = queuePool(8);
  for (const id of ['rsv_a', 'rsv_b'])
    expect(
      jobRefusalOf(mind, booking(id, { cards: 40, topology: 'same-supernode', durationSeconds: 3_600 })),
    ).toBeNull();
  return mind;
}

test('a job waits until its cards lie as it asks, although more are free, and is told how many lie together', () => {
  const mind = halfTaken();
  submitJob(mind, 'whole', { cards: 64, topology: 'whole-supernodes', walltimeSeconds: 600 });
  submitJob(mind, 'near', { cards: 32, topology: 'same-supernode', walltimeSeconds: 660 });
  expect(startedIn(roundOf(mind, T0).changes)).toEqual([]);
  expect(waitOf(mind, 'whole')).toMatchObject({ reason: 'firstInLine', cardsNeeded: 64, cardsFree: 48 });
  expect(waitOf(mind, 'near')).toMatchObject({
    reason: 'fragmented',
    cardsFree: 48,
    cardsFreeOnServer: 16,
    cardsFreeInSupernode: 24,
    earliestStartAt: minutes(60),
  });
  submitJob(mind, 'anywhere', { cards: 32, walltimeSeconds: 720 });
  expect(startedIn(roundOf(mind, T0).changes)).toEqual(['anywhere']);
  expect(supernodesOf(mind, 'anywhere')).toHaveLength(2);
});

test('it starts where it asks to lie, and its reservation keeps the wish, so that a replacement lies there too', () => {
  const mind = halfTaken();
  submitJob(mind, 'near', { cards: 24, topology: 'same-supernode' });
  expect(startedIn(roundOf(mind, T0).changes)).toEqual(['near']);
  expect(supernodesOf(mind, 'near')).toHaveLength(1);
  expect(mind.book.reservations.get(idOf('near'))?.topology).toBe('same-supernode');
});

test('a job that is larger than what it wants to lie in is refused at once, by name', () => {
  const mind = queuePool(8);
  const refusal = (cards: number, topology: Topology) => jobRefusalOf(mind, wishOf('x', { cards, topology }));
  expect(refusal(17, 'same-server')).toBe('topologyTooSmall');
  expect(refusal(65, 'same-supernode')).toBe('topologyTooSmall');
  expect(refusal(24, 'whole-servers')).toBe('notWholeServers');
  expect(refusal(32, 'whole-supernodes')).toBe('notWholeSupernodes');
  expect(refusal(64, 'whole-supernodes')).toBeNull();
});

test('a command from before topologies were asked for means cards anywhere', () => {
  const { topology: _, ...old } = wishOf('old');
  expect(commandPayload.parse(old)).toMatchObject({ kind: 'queueJob', topology: 'any' });
});
