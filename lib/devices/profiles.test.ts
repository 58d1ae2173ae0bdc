import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MIB } from './card-profile.ts';
import { CARD_PROFILES, findProfile, findProfileByName } from './profiles.ts';

type Recorded = { name: string; memory: number; power: number; appendix: { bdf: string; numa: string } };

const RECORDING = new URL('../../../shared/data/device/sample_thead_ppu_detect.json', import.meta.url);
const isAbsent = !existsSync(RECORDING);

test.skipIf(isAbsent)(
  isAbsent ? 'SKIPPED: no ../shared/data to compare with' : 'the 810E is laid out as in the recording of a real server',
  () => {
    const recorded = JSON.parse(readFileSync(RECORDING, 'utf8')) as Recorded[];
    const profile = findProfileByName('PPU-ZW810E');
    expect(recorded.map((card) => Number.parseInt(card.appendix.numa, 10))).toEqual(profile?.numaNodeBySlot);
    expect(recorded.map((card) => card.appendix.bdf.slice(5, 7))).toEqual(profile?.pciBusBySlot);
    expect(new Set(recorded.map((card) => card.memory * MIB))).toEqual(new Set([profile?.figures.memoryBytes]));
    expect(new Set(recorded.map((card) => card.power * 1_000))).toEqual(
      new Set([profile?.figures.powerLimitDefaultMw]),
    );
  },
);

describe.each(CARD_PROFILES)('$modelId', (profile) => {
  test('is found by our id and by the name that its driver reports', () => {
    expect(findProfile(profile.modelId)).toBe(profile);
    expect(findProfileByName(profile.name)).toBe(profile);
  });

  test('has a bus and a NUMA node for every slot', () => {
    const { cardsPerServer } = profile.figures;
    expect(new Set(profile.pciBusBySlot).size).toBe(cardsPerServer);
    expect(profile.numaNodeBySlot).toHaveLength(cardsPerServer);
  });

  test('sells less memory than it has, by more than ten retired pages', () => {
    const { memoryBytes, soldMemoryBytes, retiredPageBytes } = profile.figures;
    expect(memoryBytes - soldMemoryBytes).toBeGreaterThan(10 * retiredPageBytes);
  });
});

test('an unknown model has no profile', () => {
  expect(findProfile('tpu-v5p')).toBeNull();
  expect(findProfileByName('TPU v5p')).toBeNull();
});
