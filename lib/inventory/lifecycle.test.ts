import { describe, expect, test } from 'vitest';
import {
  ACT_VERDICTS,
  type ActSubject,
  CARD_ACTS,
  type CardAct,
  countVerdicts,
  isDrained,
  judgeAct,
  judgeCard,
  type Lifecycle,
  LIFECYCLE_IS,
  LIFECYCLES,
  ruleOf,
} from './lifecycle.ts';

const idle: ActSubject = { lifecycle: 'in_service', isHeld: false, health: 'healthy', takesNewWork: true };

/** Every act from every state, for a card that is idle and well: where it leads, `=` when it is there, `-` for no way. */
const LAW: Readonly<Record<CardAct, Readonly<Record<Lifecycle, string>>>> = {
  cordon: row('cordoned = cordoned - - -'),
  drain: row('draining draining = - - -'),
  uncordon: row('= in_service in_service - - -'),
  startMaintenance: row('maintenance maintenance maintenance = - -'),
  finishMaintenance: row('= - - in_service - -'),
  sendToRepair: row('repair repair repair repair = -'),
  takeBack: row('= - - - in_service -'),
  returnToVendor: row('- - - returned returned ='),
  receive: row('- - - - = repair'),
};

function row(words: string): Record<Lifecycle, string> {
  const cells = words.split(' ');
  return Object.fromEntries(LIFECYCLES.map((state, i) => [state, cells[i]])) as Record<Lifecycle, string>;
}

function cell(act: CardAct, lifecycle: Lifecycle): string {
  const verdict = judgeCard(act, { ...idle, lifecycle });
  if (verdict === 'applies') return ruleOf(act).to;
  return verdict === 'done' ? '=' : '-';
}

describe('every act in every state', () => {
  test.each(CARD_ACTS)('%s', (act) => {
    const found = Object.fromEntries(LIFECYCLES.map((state) => [state, cell(act, state)]));
    expect(found).toEqual(LAW[act]);
  });

  test('there is a way from every state to every other', () => {
    const reach = new Set<Lifecycle>(['in_service']);
    for (const _ of LIFECYCLES)
      for (const act of CARD_ACTS) {
        const { from, to } = ruleOf(act);
        if (from.some((state) => reach.has(state))) reach.add(to);
      }
    expect([...reach].sort()).toEqual([...LIFECYCLES].sort());
    for (const start of LIFECYCLES) {
      const seen = new Set([start]);
      for (const _ of LIFECYCLES)
        for (const act of CARD_ACTS) if (ruleOf(act).from.some((state) => seen.has(state))) seen.add(ruleOf(act).to);
      expect([start, seen.has('in_service')]).toEqual([start, true]);
    }
  });
});

describe('what an act needs', () => {
  test('nobody may have a card that becomes one that nobody can have', () => {
    for (const act of CARD_ACTS) {
      const { from, to, needs } = ruleOf(act);
      const closes = from.some((state) => LIFECYCLE_IS[state].holdable) && !LIFECYCLE_IS[to].holdable;
      if (closes) expect([act, needs]).toEqual([act, 'empty']);
    }
  });

  test('a card that was worked on comes back only when its device works', () => {
    for (const act of CARD_ACTS) {
      const { from, to, needs } = ruleOf(act);
      if (LIFECYCLE_IS[to].open && from.some((state) => !LIFECYCLE_IS[state].holdable))
        expect(['works', 'healthy'], act).toContain(needs);
    }
  });

  test.each([
    ['maintenance of a card that is held', 'startMaintenance', { isHeld: true }, 'held'],
    ['repair of a card that is held', 'sendToRepair', { isHeld: true, lifecycle: 'cordoned' }, 'held'],
    ['a held card can be drained', 'drain', { isHeld: true }, 'applies'],
    ['a degraded card leaves maintenance', 'finishMaintenance', m({ health: 'degraded' }), 'applies'],
    ['a faulty one does not', 'finishMaintenance', m({ health: 'unhealthy' }), 'notWorking'],
    ['nor one that tells nothing', 'finishMaintenance', m({ health: 'unknown' }), 'notWorking'],
    ['nor one whose device refuses work', 'finishMaintenance', m({ takesNewWork: false }), 'notWorking'],
    ['a degraded card does not come back from repair', 'takeBack', r({ health: 'degraded' }), 'notHealthy'],
    ['nor one whose device refuses work', 'takeBack', r({ takesNewWork: false }), 'notHealthy'],
    ['the state is asked before the need', 'takeBack', m({ health: 'unhealthy' }), 'wrongState'],
  ] as const)('%s', (_, act, card, expected) => expect(judgeCard(act, { ...idle, ...card })).toBe(expected));

  function m(card: Partial<ActSubject>): Partial<ActSubject> {
    return { ...card, lifecycle: 'maintenance' };
  }
  function r(card: Partial<ActSubject>): Partial<ActSubject> {
    return { ...card, lifecycle: 'repair' };
  }
});

describe('an act on several cards', () => {
  const judge = (act: CardAct, ...cards: Partial<ActSubject>[]) =>
    judgeAct(
      countVerdicts(
        act,
        cards.map((card) => ({ ...idle, ...card })),
      ),
    );

  test('one held card keeps the whole server from maintenance', () => {
    expect(judge('startMaintenance', {}, { isHeld: true }, {})).toEqual({
      ok: false,
      refusal: { code: 'cardsHeld', cards: 1 },
    });
  });

  test('cards that are there already, or elsewhere, are left alone', () => {
    expect(judge('cordon', {}, { lifecycle: 'cordoned' }, { lifecycle: 'repair' })).toMatchObject({ ok: true });
    expect(judge('cordon', { lifecycle: 'cordoned' })).toMatchObject({ ok: true });
  });

  test('an act that concerns none of the cards is refused', () => {
    expect(judge('takeBack', { lifecycle: 'cordoned' }, { lifecycle: 'maintenance' })).toEqual({
      ok: false,
      refusal: { code: 'cardsInWrongState', cards: 2 },
    });
  });

  test('counts every verdict', () => {
    const counts = countVerdicts('startMaintenance', [idle, { ...idle, isHeld: true }]);
    expect(Object.keys(counts)).toEqual([...ACT_VERDICTS]);
    expect(counts).toMatchObject({ applies: 1, held: 1, done: 0 });
  });
});

test('a draining card is drained when nobody has it any more', () => {
  expect(isDrained({ lifecycle: 'draining', isHeld: true })).toBe(false);
  expect(isDrained({ lifecycle: 'draining', isHeld: false })).toBe(true);
  expect(isDrained({ lifecycle: 'cordoned', isHeld: false })).toBe(false);
});
