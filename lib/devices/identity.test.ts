import { describe, expect, test } from 'vitest';
import { simulatedIdentity } from './identity.ts';
import { nodeSpecs } from './testing.ts';

describe('a simulated identity', () => {
  test('is the same for ever: databases were seeded with it', () => {
    expect(simulatedIdentity({ seed: 1, nodeKey: 'node-000', slot: 0, modelId: 'zw810e' })).toEqual({
      uuid: 'GPU-018546fe-db71-f0b8-0000-0c6bdbce003d',
      serial: '7B7A0EC41FBB6A8B',
      pciBusId: '00000000:a8:00.0',
      numaNode: 4,
    });
  });

  test('is unique over 10,000 cards, and has the form of a real one', () => {
    const uuids = nodeSpecs(625).flatMap((node) => node.cards.map((card) => card.uuid));
    expect(new Set(uuids).size).toBe(10_000);
    expect(uuids.every((uuid) => /^GPU-01[0-9a-f]{6}-[0-9a-f]{4}-[0-9a-f]{4}-0000-[0-9a-f]{12}$/.test(uuid))).toBe(
      true,
    );
  });

  test('shares its serial with the cards of its board and no others', () => {
    const serials = nodeSpecs(2).flatMap((node) => node.cards.map((card) => card.serial));
    expect(serials[0]).toBe(serials[1]);
    expect(new Set(serials).size).toBe(16);
  });

  test.each([
    ['h100', /^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, /^165\d{10}$/],
    ['ascend910b', /^NPU(-[0-9A-F]{8}){5}$/, /^[0-9A-F]{16}$/],
  ] as const)('of a %s has the form that its vendor gives it', (modelId, uuid, serial) => {
    const cards = nodeSpecs(100, modelId).flatMap((node) => node.cards);
    expect(new Set(cards.map((card) => card.uuid)).size).toBe(800);
    expect(cards.filter((card) => !uuid.test(card.uuid) || !serial.test(card.serial ?? ''))).toEqual([]);
  });

  test('changes with the seed and with the server', () => {
    const card = { seed: 1, nodeKey: 'a', slot: 3, modelId: 'zw810e' };
    const { uuid } = simulatedIdentity(card);
    expect(simulatedIdentity({ ...card, seed: 2 }).uuid).not.toBe(uuid);
    expect(simulatedIdentity({ ...card, nodeKey: 'b' }).uuid).not.toBe(uuid);
  });

  test.each([
    ['a model without a profile', { seed: 1, nodeKey: 'a', slot: 0, modelId: 'tpu-v5p' }],
    ['a slot that the server lacks', { seed: 1, nodeKey: 'a', slot: 8, modelId: 'm890' }],
  ])('is refused for %s', (_name, card) => expect(() => simulatedIdentity(card)).toThrow());
});
