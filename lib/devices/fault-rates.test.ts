import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LLAMA3_RATE_TABLE, LLAMA3_RATES } from './fault-rates.ts';

const SOURCE = new URL('../../../shared/data/device/fault_rates_llama3.json', import.meta.url);
const isAbsent = !existsSync(SOURCE);

test.skipIf(isAbsent)(
  isAbsent ? 'SKIPPED: no ../shared/data to compare with' : 'the Llama 3 rates are those of the paper',
  () => {
    const { perGpuHour, gpuAttributedPerGpuHour } = JSON.parse(readFileSync(SOURCE, 'utf8')) as {
      perGpuHour: Record<string, number>;
      gpuAttributedPerGpuHour: number;
    };
    const { perHour } = LLAMA3_RATES;
    expect(perHour.hbm_uecc).toBeCloseTo(perGpuHour.gpu_hbm ?? 0, 12);
    expect(perHour.icn_down).toBeCloseTo(perGpuHour.network_switch_cable ?? 0, 12);
    const ofCards = LLAMA3_RATE_TABLE.filter(({ kind }) => kind !== 'icn_down').map((rate) => rate.perHour);
    expect(ofCards.reduce((a, b) => a + b, 0)).toBeCloseTo(gpuAttributedPerGpuHour, 12);
  },
);

test('every rate says how well it is known', () => {
  expect(
    LLAMA3_RATE_TABLE.every(({ certainty, source }) => certainty === 'derived' && source.includes('Llama 3')),
  ).toBe(true);
});
