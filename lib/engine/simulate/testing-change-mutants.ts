import { breaking, type Mutant, replace, without } from './testing-mutants.ts';

/** The rules of what is given back, handed over, extended by itself and maintained, one broken each. */
export const CHANGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'a window keeps nothing from the market',
    breaks: 'windowsKept',
    parts: () =>
      breaking(({ state }) => {
        const bind = state.bind.bind(state);
        replace(state, 'bind', (bindings: Parameters<typeof bind>[0]) =>
          bind(bindings.filter(({ promiseId }) => !promiseId.startsWith('mnt_'))),
        );
      }),
  },
  {
    name: 'what was held for cards that are given back is kept',
    breaks: 'holdsAsAgreed',
    parts: () => without('moneyReturned', () => true),
  },
  {
    name: 'cards that are given back stay with their holder',
    breaks: 'gangsWhole',
    parts: () => without('bindingsClosed', ({ unusedUntil }) => unusedUntil !== undefined),
  },
  {
    name: 'what is handed over stays with whoever had it',
    breaks: 'holdsAsAgreed',
    parts: () => without('reservationEnded', ({ reason }) => reason === 'transferred'),
  },
];
