import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { overcommittedServers } from './bind.ts';
import { isOvercommitted } from './make-room.ts';
import type { Undo } from '#lib/core/undo.ts';
import { PoolState } from './pool-state.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (hours: number): Instant => instant(T0 + hours * HOUR_MS);

const step = fc.record({
  act: fc.constantFrom('promise' as const, 'bind' as const, 'take' as const, 'undo' as const, 'advance' as const),
  card: fc.nat(15),
  from: fc.nat(50).map((quarters) => quarters / 4),
  hours: fc.integer({ min: 1, max: 2_300 }),
  look: fc.boolean(),
});

test('whatever was changed and taken back, the servers that hold too much are all found', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const state = new PoolState({
        servers: [0, 0, 1, 1].map((supernode) => ({ supernode, pod: 0 })),
        cardServers: Array.from({ length: 16 }, (_, card) => Math.floor(card / 4)),
      });
      state.advanceTo(T0);
      let now = 0;
      const undos: Undo[] = [];
      steps.forEach(({ act, card, from, hours, look }, i) => {
        const server = Math.floor(card / 4);
        // Nothing is promised for a time that is over: the index no longer knows it.
        const first = Math.max(now, from);
        const interval = { startAt: at(first), endAt: at(first + hours) };
        const [id, topology] = [`p${i}`, 'any' as const];
        // More is promised than fits, as after a loss of cards: `place` would not.
        if (act === 'promise')
          undos.push(
            state.addPromise({ id, topology, cards: 3, interval, shares: [{ server, cards: 3 }], isBound: false }),
          );
        if (act === 'bind' && state.bindingsOf(card).length === 0)
          undos.push(state.bind([{ id, promiseId: id, card, interval }]));
        if (act === 'take') undos.push(state.setUsable(card, state.isUsable[card] !== 1));
        if (act === 'undo') undos.pop()?.();
        if (act === 'advance') {
          now = from;
          state.advanceTo(at(now));
        }
        if (!look) return;
        const all = [0, 1, 2, 3].filter((each) => isOvercommitted(state, each));
        expect(overcommittedServers(state)).toEqual(all);
      });
    }),
    { numRuns: 300 },
  );
});
