import { invariant } from '#lib/core/assert.ts';
import { type ConformanceRule, type ConformanceSubject, expectSame, mustCome, openServer } from './conformance-rule.ts';
import type { DeviceEvent, EventStream } from './types.ts';

export const EVENT_RULES: readonly ConformanceRule[] = [
  {
    name: 'a subscription is live from the call that made it',
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const abort = new AbortController();
      const stream = driver.events(['xid'], abort.signal);
      await subject.rig.disturb(first.uuid);
      expectSame(
        (await drain(subject, stream)).map((event) => event.uuid),
        [first.uuid],
        'cards heard of',
      );
      abort.abort();
    },
  },
  {
    name: 'every subscriber hears every event once, numbered without a gap from 0',
    check: async (subject) => {
      const { driver, cards } = await openServer(subject);
      const abort = new AbortController();
      const streams = [driver.events(['xid'], abort.signal), driver.events(['xid'], abort.signal)];
      for (const { uuid } of cards.slice(0, 2)) await subject.rig.disturb(uuid);
      for (const stream of streams) {
        const heard = await drain(subject, stream);
        expectSame(
          heard.map(({ seq, uuid }) => [seq, uuid]),
          cards.slice(0, 2).map(({ uuid }, i) => [i, uuid]),
          'events',
        );
      }
      abort.abort();
    },
  },
  {
    name: 'a subscriber hears only the types it asked for',
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const abort = new AbortController();
      const stream = driver.events(['recovery_action'], abort.signal);
      await subject.rig.disturb(first.uuid);
      await subject.rig.lose(first.uuid);
      const heard = await drain(subject, stream);
      invariant(heard.length > 0 && heard.every(({ type }) => type === 'recovery_action'), 'another type was heard');
      abort.abort();
    },
  },
  {
    name: 'an event is pending until the subscriber asks for the next one',
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const abort = new AbortController();
      const stream = driver.events(['xid'], abort.signal);
      const events = stream[Symbol.asyncIterator]();
      const asked = events.next();
      expectSame(stream.pending, 0, 'events pending before anything happened');
      await subject.rig.disturb(first.uuid);
      await mustCome(subject, asked, 'the event');
      expectSame(stream.pending, 1, 'events pending with one in hand');
      void events.next();
      expectSame(stream.pending, 0, 'events pending after the next one was asked for');
      abort.abort();
    },
  },
  {
    name: 'aborting ends the iteration',
    check: async (subject) => {
      const { driver } = await openServer(subject);
      const abort = new AbortController();
      const waiting = driver.events(['xid'], abort.signal)[Symbol.asyncIterator]().next();
      abort.abort();
      expectSame((await mustCome(subject, waiting, 'the end')).done, true, 'done');
    },
  },
  {
    name: 'events carry their own instant, and a stream is complete at least to its last event',
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const abort = new AbortController();
      const stream = driver.events(['xid', 'recovery_action', 'unavailable', 'driver'], abort.signal);
      await subject.rig.lose(first.uuid);
      await subject.rig.mend();
      const heard = await drain(subject, stream);
      const instants = heard.map((event) => event.at);
      expectSame(
        instants,
        instants.toSorted((a, b) => a - b),
        'instants in order',
      );
      invariant(stream.completeTo >= (instants.at(-1) ?? Number.POSITIVE_INFINITY), 'completeTo lies before an event');
      const last = heard.findLast((event) => event.type === 'recovery_action');
      expectSame([last?.uuid, last?.action], [first.uuid, 'none'], 'the last recovery action');
      abort.abort();
    },
  },
];

/** The events that are in a stream now. Ends without waiting, since the last event asked after stays open. */
async function drain(subject: ConformanceSubject, stream: EventStream): Promise<DeviceEvent[]> {
  await subject.rig.settle();
  const heard: DeviceEvent[] = [];
  const events = stream[Symbol.asyncIterator]();
  while (stream.pending > 0) {
    const { done, value } = await mustCome(subject, events.next(), 'a pending event');
    if (done) break;
    heard.push(value);
    if (stream.pending <= 1) break;
  }
  return heard;
}
