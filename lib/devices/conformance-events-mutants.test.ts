import { EVENT_RULES } from './conformance-events.ts';
import { at } from './testing.ts';
import { expectEveryRuleCaught, type Mutant } from './testing-mutants.ts';
import type { DeviceEvent, EventStream } from './types.ts';

type Change = { readonly pending?: () => number; readonly change?: (event: DeviceEvent) => DeviceEvent[] };

/** A stream whose events, or whose count of them, are changed on their way. */
function rewritten(stream: EventStream, { pending, change = (event) => [event] }: Change): EventStream {
  return {
    get pending() {
      return pending ? pending() : stream.pending;
    },
    get completeTo() {
      return stream.completeTo;
    },
    async *[Symbol.asyncIterator]() {
      for await (const event of stream) yield* change(event);
    },
  };
}

const BEFORE = at('2026-11-21T05:00:00Z');

const MUTANTS: readonly Mutant[] = [
  {
    fault: 'subscribes at the first next',
    caughtBy: 'a subscription is live from the call that made it',
    driver: (driver) => ({
      events: (mask, signal) => {
        let stream: EventStream | null = null;
        return {
          get pending() {
            return stream?.pending ?? 0;
          },
          get completeTo() {
            return BEFORE;
          },
          [Symbol.asyncIterator]() {
            stream = driver.events(mask, signal);
            return stream[Symbol.asyncIterator]();
          },
        };
      },
    }),
  },
  {
    fault: 'numbers events across subscribers',
    caughtBy: 'every subscriber hears every event once, numbered without a gap from 0',
    driver: (driver) => {
      let seq = 0;
      const next = (): number => {
        seq += 1;
        return seq;
      };
      return {
        events: (mask, signal) =>
          rewritten(driver.events(mask, signal), { change: (event) => [{ ...event, seq: next() }] }),
      };
    },
  },
  {
    fault: 'tells the first subscriber only',
    caughtBy: 'every subscriber hears every event once, numbered without a gap from 0',
    driver: (driver) => {
      let isTaken = false;
      return {
        events: (mask, signal) => {
          const stream = driver.events(mask, isTaken ? AbortSignal.abort() : signal);
          isTaken = true;
          return stream;
        },
      };
    },
  },
  {
    fault: 'tells every event twice',
    caughtBy: 'every subscriber hears every event once, numbered without a gap from 0',
    driver: (driver) => ({
      events: (mask, signal) => rewritten(driver.events(mask, signal), { change: (event) => [event, event] }),
    }),
  },
  {
    fault: 'ignores the mask',
    caughtBy: 'a subscriber hears only the types it asked for',
    driver: (driver) => ({ events: (_mask, signal) => driver.events(['xid', 'recovery_action'], signal) }),
  },
  {
    fault: 'counts nothing as pending',
    caughtBy: 'an event is pending until the subscriber asks for the next one',
    driver: (driver) => ({
      events: (mask, signal) => rewritten(driver.events(mask, signal), { pending: () => 0 }),
    }),
  },
  {
    fault: 'stays open after an abort',
    caughtBy: 'aborting ends the iteration',
    driver: (driver) => ({ events: (mask) => driver.events(mask, new AbortController().signal) }),
  },
  {
    fault: 'never tells of a recovery',
    caughtBy: 'events carry their own instant, and a stream is complete at least to its last event',
    driver: (driver) => ({
      events: (mask, signal) =>
        driver.events(
          mask.filter((type) => type !== 'recovery_action'),
          signal,
        ),
    }),
  },
  {
    fault: 'claims less than it told',
    caughtBy: 'events carry their own instant, and a stream is complete at least to its last event',
    driver: (driver) => ({
      events: (mask, signal) => {
        const stream = driver.events(mask, signal);
        const late = rewritten(stream, {});
        return { ...late, pending: 0, completeTo: BEFORE, [Symbol.asyncIterator]: () => late[Symbol.asyncIterator]() };
      },
    }),
  },
];

expectEveryRuleCaught('a stream', EVENT_RULES, MUTANTS);
