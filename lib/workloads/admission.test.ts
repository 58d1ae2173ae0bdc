import { expect, test } from 'vitest';
import { checkWorkload, type Surroundings } from './admission.ts';

const wish = { cards: 4, walltimeSeconds: 600 };
const fine: Surroundings = {
  reservation: { state: 'active', cards: 8, arch: 'ppu001' },
  image: { archs: ['ppu001'] },
};
const reservation = { state: 'active', cards: 8, arch: 'ppu001' };
const bad = { cards: 0, walltimeSeconds: 1 };

test('takes what fits its reservation', () => {
  expect(checkWorkload(wish, fine)).toEqual({ ok: true, value: null });
  expect(checkWorkload({ cards: 8, walltimeSeconds: 60 }, fine)).toMatchObject({ ok: true });
});

test.each<[string, typeof wish, Surroundings]>([
  ['reservationUnknown', bad, { reservation: null, image: null }],
  ['reservationNotInState', bad, { reservation: { ...reservation, state: 'ended' }, image: null }],
  ['imageUnknown', bad, { reservation, image: null }],
  ['imageIncompatible', bad, { reservation, image: { archs: ['ppu0015'] } }],
  ['cardsOutOfRange', bad, fine],
  ['cardsOutOfRange', { ...wish, cards: 9 }, fine],
  ['cardsOutOfRange', { ...wish, cards: 1.5 }, fine],
  ['walltimeOutOfRange', { ...wish, walltimeSeconds: 59 }, fine],
  ['walltimeOutOfRange', { ...wish, walltimeSeconds: 90 * 86_400 + 1 }, fine],
  ['walltimeOutOfRange', { ...wish, walltimeSeconds: Number.NaN }, fine],
])('refuses in the order of the contract: %s', (code, input, surroundings) => {
  expect(checkWorkload(input, surroundings)).toMatchObject({ ok: false, refusal: { code } });
});
