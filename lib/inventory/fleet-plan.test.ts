import { expect, test } from 'vitest';
import { parseId } from '#lib/core/id.ts';
import { planFleet, type SitePlan } from './fleet-plan.ts';

const SHAOGUAN: SitePlan = {
  region: { code: 'gd', name: { zh: '广东', en: 'Guangdong' } },
  code: 'sg',
  name: { zh: '韶关', en: 'Shaoguan' },
  modelId: 'zw810e',
  cardsPerServer: 16,
  serversPerSupernode: 4,
  supernodesPerPod: 13,
  cards: 9_984,
  spareServers: 1,
  spareBps: 200,
};

test('Shaoguan is 12 pods, 156 supernodes, 624 servers and a spare: 10,000 cards', () => {
  const fleet = planFleet(SHAOGUAN);
  const count = (level: string): number => fleet.places.filter((place) => place.level === level).length;
  expect([count('pod'), count('supernode'), count('server'), fleet.servers.length, fleet.cards.length]).toEqual([
    13, 157, 625, 625, 10_000,
  ]);
  expect(fleet.places.find(({ id }) => id === 'nod_sg-p12-s13-n4')?.path).toBe('gd/sg/p12/s13/n4');
  expect(fleet.servers.at(-1)?.id).toBe('nod_sg-px-s01-n1');
});

test('ids are unique and of their kind, ordinals count, parents come first', () => {
  const fleet = planFleet(SHAOGUAN);
  const seen = new Set<string>();
  for (const place of fleet.places) {
    expect(place.parentId === null || seen.has(place.parentId)).toBe(true);
    seen.add(place.id);
  }
  expect(seen.size).toBe(fleet.places.length);
  fleet.cards.forEach((card, i) => {
    expect(card.ordinal).toBe(i);
    expect(parseId('card', card.id)).not.toBeNull();
  });
});

test('a fleet of any number of cards fills servers in order; the last takes the rest', () => {
  const fleet = planFleet({ ...SHAOGUAN, cards: 176, spareServers: 0 });
  expect(fleet.servers.map(({ cards }) => cards)).toEqual(new Array(11).fill(16));
  expect(planFleet({ ...SHAOGUAN, cards: 20, spareServers: 0 }).servers.map(({ cards }) => cards)).toEqual([16, 4]);
});

test('the spares are the last cards of each pod, as many as its share allows', () => {
  const { cards } = planFleet(SHAOGUAN);
  const spares = cards.filter(({ isSpare }) => isSpare);
  // 2 % of the 832 cards of a pod are one whole server; the 16 cards of the thirteenth pod are too few for one.
  expect(spares).toHaveLength(12 * 16);
  expect(new Set(spares.map(({ serverId }) => serverId)).size).toBe(12);
  expect(spares[0]).toMatchObject({ serverId: 'nod_sg-p01-s13-n4', slot: 0 });
  expect(planFleet({ ...SHAOGUAN, spareBps: 0 }).cards.some(({ isSpare }) => isSpare)).toBe(false);
});
