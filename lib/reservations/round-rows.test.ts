import { describe, expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { ZERO_UNITS } from '#lib/core/money.ts';
import { partsOf, roundRowsOf } from './round-rows.ts';
import type { Booked } from './types.ts';
import type { Bound } from './planner-types.ts';
import type { Change } from './decision-types.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const END = instant(T0 + 3_600_000);
const EARLIER = instant(T0 + 600_000);

function booked(id: string, state: Booked['state'] = 'confirmed'): Booked {
  return {
    id: id as Id<'reservation'>,
    organisationId: 'org_a' as Id<'organisation'>,
    projectId: null,
    skuId: 'sku_a' as Id<'sku'>,
    priceVersionId: 'prv_a' as Id<'priceVersion'>,
    imageId: null,
    name: id,
    purchase: 'by-hour',
    cards: 1,
    topology: 'any',
    interval: { startAt: T0, endAt: END },
    heldUntil: null,
    term: null,
    state,
    isBound: false,
    lost: [],
    placements: 1,
    noticedAt: T0,
    autoExtend: null,
    offeredTo: null,
    createdBy: 'user:test',
    createdAt: T0,
  };
}

const bound = (id: string): Bound => ({
  id: id as Id<'allocation'>,
  reservationId: 'rsv_new' as Id<'reservation'>,
  card: 0,
  interval: { startAt: T0, endAt: END },
});
const added = (id: string): Change => ({
  kind: 'reservationAdded',
  reservation: booked(id),
  shares: [{ server: 0, cards: 1 }],
});
const closed = (id: string): Change => ({
  kind: 'bindingsClosed',
  reservationId: 'rsv_new' as Id<'reservation'>,
  ids: [id as Id<'allocation'>],
  endAt: EARLIER,
});

describe('what changes of a round come to', () => {
  test('a reservation that is made and changed is one new row in its last state', () => {
    const rows = roundRowsOf([
      added('rsv_new'),
      { kind: 'reservationChanged', reservation: booked('rsv_new', 'active') },
      { kind: 'replanned', id: 'rsv_new', shares: [{ server: 3, cards: 1 }] },
    ]);
    expect(rows.added.get('rsv_new')).toMatchObject({ reservation: { state: 'active' }, shares: [{ server: 3 }] });
    expect([rows.changed.size, rows.replanned.size]).toEqual([0, 0]);
  });

  test('a reservation that changes and moves several times is written once, as it is last', () => {
    const rows = roundRowsOf([
      { kind: 'reservationChanged', reservation: booked('rsv_old') },
      { kind: 'replanned', id: 'rsv_old', shares: [{ server: 1, cards: 1 }] },
      { kind: 'reservationChanged', reservation: booked('rsv_old', 'active') },
      { kind: 'replanned', id: 'rsv_old', shares: [{ server: 2, cards: 1 }] },
    ]);
    expect(rows.changed.get('rsv_old')?.state).toBe('active');
    expect(rows.replanned.get('rsv_old')).toEqual([{ server: 2, cards: 1 }]);
  });

  test('a card that is bound and given back is one new allocation with the earlier end', () => {
    const rows = roundRowsOf([
      { kind: 'cardsBound', bindings: [bound('alc_new')] },
      closed('alc_new'),
      closed('alc_old'),
    ]);
    expect(rows.bound.get('alc_new')?.interval.endAt).toBe(EARLIER);
    expect([...rows.ends]).toEqual([['alc_old', EARLIER]]);
  });

  test('ends, events, money and what happens to cards keep their order', () => {
    const ended = (id: string): Change => ({
      kind: 'reservationEnded',
      id: id as Id<'reservation'>,
      state: 'ended',
      at: EARLIER,
      reason: 'released',
    });
    const money = (id: string): Change => ({
      kind: 'moneyPlaced',
      reservation: booked(id),
      step: 0,
      amountUnits: ZERO_UNITS,
      cardSeconds: 1n,
      at: T0,
    });
    const rows = roundRowsOf([money('rsv_b'), ended('rsv_b'), money('rsv_a'), ended('rsv_a')]);
    expect(rows.ended.map(({ id }) => id)).toEqual(['rsv_b', 'rsv_a']);
    expect(rows.money.map(({ reservation }) => reservation.id)).toEqual(['rsv_b', 'rsv_a']);
  });
});

describe('the parts of a round', () => {
  const bind = (...cards: number[]): Change => ({
    kind: 'cardsBound',
    bindings: cards.map((card) => ({
      id: `alc_${card}` as Id<'allocation'>,
      reservationId: 'rsv_a' as Id<'reservation'>,
      card,
      interval: { startAt: T0, endAt: END },
    })),
  });
  const move = (act: 'startMaintenance' | 'finishMaintenance', ...cards: number[]): Change => ({
    kind: 'cardsMoved',
    cards,
    act,
    from: act === 'startMaintenance' ? 'in_service' : 'maintenance',
    reason: 'fans',
    actor: 'user:test',
    at: T0,
  });

  test('are one, however much it is, while no card is given to anybody after it moved', () => {
    const changes = [bind(1, 2), move('startMaintenance', 3), move('finishMaintenance', 4), bind(5)];
    expect(partsOf(changes)).toEqual([changes]);
    expect(partsOf([])).toEqual([[]]);
  });

  test('begin anew where a card that moved is given to somebody', () => {
    const [back, first, away, again, second] = [
      move('finishMaintenance', 1, 2),
      bind(2),
      move('startMaintenance', 1),
      move('finishMaintenance', 1),
      bind(1),
    ] as const;
    expect(partsOf([back, first, away, again, second])).toEqual([[back], [first, away, again], [second]]);
  });
});
