import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type FaultLayer,
  LayerError,
  parseLayer,
  requireKnownPlaces,
  type Settings,
  settingsOf,
} from './fault-layer.ts';
import { findProfile } from './profiles.ts';
import { DriverCode } from './types.ts';

const PLACE = { modelId: 'zw810e', nodeId: 'node-0', uuid: 'GPU-0' };
const figures = findProfile('zw810e')?.figures ?? expect.fail('zw810e has a profile');
const BASE: Settings = {
  perHour: { lost: 1, thermal: 1 },
  lemonFactor: null,
  figures,
  repairSeconds: { driver_restart: 1, driver_reinstall: 1, os_reboot: 1, cold_reboot: 1 },
};

function errorOf(act: () => unknown): LayerError {
  try {
    act();
  } catch (error) {
    if (error instanceof LayerError) return error;
  }
  return expect.fail('it was taken');
}

describe('a setting of a narrower scope wins over one of a wider', () => {
  const over = (value: number) => ({ perHour: { lost: value }, lemonFactor: value, figures: { coolantC: value } });
  const scopes: readonly [string, FaultLayer][] = [
    ['all', { all: over(2) }],
    ['model', { all: over(2), model: { zw810e: over(3) } }],
    ['node', { all: over(2), model: { zw810e: over(3) }, node: { 'node-0': over(4) } }],
    ['card', { all: over(2), model: { zw810e: over(3) }, node: { 'node-0': over(4) }, card: { 'GPU-0': over(5) } }],
  ];
  test.each(scopes)('up to %s', (scope, layer) => {
    const { perHour, lemonFactor, figures: own } = settingsOf(BASE, layer, PLACE);
    const value = 2 + scopes.findIndex(([name]) => name === scope);
    expect([perHour, lemonFactor, own.coolantC]).toEqual([{ lost: value, thermal: 1 }, value, value]);
    expect(own.celsiusPerWatt).toBe(figures.celsiusPerWatt);
  });

  test('setting by setting: each comes from the narrowest scope that has it', () => {
    const layer: FaultLayer = {
      all: { perHour: { lost: 2, sdc: 9 }, repairSeconds: { os_reboot: 5 } },
      node: { 'node-0': { perHour: { lost: 0 }, repairSeconds: { cold_reboot: 7 } } },
    };
    const { perHour, repairSeconds } = settingsOf(BASE, layer, PLACE);
    expect(perHour).toEqual({ lost: 0, thermal: 1, sdc: 9 });
    expect(repairSeconds).toEqual({ ...BASE.repairSeconds, os_reboot: 5, cold_reboot: 7 });
  });
});

test('where a layer says nothing, the base itself holds', () => {
  const layer: FaultLayer = { model: { m890: {} }, node: { 'node-1': {} }, card: { 'GPU-0': { lemonFactor: 2 } } };
  expect(settingsOf(BASE, layer, { ...PLACE, uuid: null })).toBe(BASE);
  expect(settingsOf(BASE, layer, { ...PLACE, uuid: 'GPU-1' })).toBe(BASE);
});

describe('a layer is refused, with the key that is wrong', () => {
  test.each<[unknown, string]>([
    [null, 'the whole'],
    [[], 'the whole'],
    [{ server: {} }, 'server'],
    [{ all: { speed: 1 } }, 'all.speed'],
    [{ model: { zw810e: { perHour: { meteor: 1 } } } }, 'model.zw810e.perHour.meteor'],
    [{ node: { a: { figures: { memoryBytes: 1 } } } }, 'node.a.figures.memoryBytes'],
    [{ node: { a: { repairSeconds: { prayer: 1 } } } }, 'node.a.repairSeconds.prayer'],
    [{ card: { a: { repairSeconds: { os_reboot: 1 } } } }, 'card.a.repairSeconds'],
    [{ card: { a: { perHour: { driver_unloaded: 1 } } } }, 'card.a.perHour.driver_unloaded'],
    [{ all: { perHour: { lost: -1 } } }, 'all.perHour.lost'],
    [{ all: { perHour: { lost: 3_601 } } }, 'all.perHour.lost'],
    [{ all: { perHour: { lost: '1' } } }, 'all.perHour.lost'],
    [{ all: { perHour: { lost: Number.NaN } } }, 'all.perHour.lost'],
    [{ all: { lemonFactor: Number.POSITIVE_INFINITY } }, 'all.lemonFactor'],
    [{ all: { repairSeconds: { os_reboot: 0 } } }, 'all.repairSeconds.os_reboot'],
    [{ all: { repairSeconds: { os_reboot: 1.5 } } }, 'all.repairSeconds.os_reboot'],
    [{ all: { figures: { celsiusPerWatt: 0 } } }, 'all.figures.celsiusPerWatt'],
  ])('%j', (json, key) => {
    const error = errorOf(() => parseLayer(json));
    expect([error.code, error.key]).toEqual([DriverCode.INVALID_ARGUMENT, key]);
    expect(error.message).toContain(key);
  });

  test('when it names what is not in the fleet', () => {
    const known = { model: new Set(['zw810e']), node: new Set(['node-0']), card: new Set(['GPU-0']) };
    requireKnownPlaces({ model: { zw810e: {} }, node: { 'node-0': {} }, card: { 'GPU-0': {} } }, known);
    expect(errorOf(() => requireKnownPlaces({ model: { m890: {} } }, known)).key).toBe('model.m890');
    expect(errorOf(() => requireKnownPlaces({ node: { 'node-9': {} } }, known)).key).toBe('node.node-9');
    expect(errorOf(() => requireKnownPlaces({ card: { 'GPU-9': {} } }, known)).key).toBe('card.GPU-9');
  });

  test.each([
    ['runs backwards', { powerIdleMinMw: 98_000 }],
    ['exceeds the least power limit', { powerIdleMaxMw: 150_001 }],
  ])('when the idle power that comes of it %s', (_name, changed) => {
    const error = errorOf(() => settingsOf(BASE, { node: { 'node-0': { figures: changed } } }, PLACE));
    expect(error.key).toBe('node.node-0.figures');
  });
});

test('the example in the documents is a layer', () => {
  const example = new URL('../../docs/fault-layer.example.json', import.meta.url);
  expect(Object.keys(parseLayer(JSON.parse(readFileSync(example, 'utf8'))))).toEqual(['all', 'model', 'node', 'card']);
});
