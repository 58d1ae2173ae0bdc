import { describe, expect, test } from 'vitest';
import type { FaultLayer } from '../fault-layer.ts';
import { LayerError } from '../fault-layer.ts';
import { costOf, tableOf } from './report.ts';
import { runFleet } from './run.ts';
import { type FleetTerms, parseTerms } from './terms.ts';

const run = (line: string, layer: FaultLayer = {}, progress: (days: number) => void = () => undefined) =>
  runFleet(parseTerms(line.split(' ')) satisfies FleetTerms, layer, progress);

const MONTH = '--cards 640 --days 30 --rates assumed';

describe('a month of a fleet', () => {
  test('is the same twice to the last event, and another with another seed', async () => {
    const [one, same, other] = [await run(MONTH), await run(MONTH), await run(`${MONTH} --seed 8`)];
    expect(same).toEqual(one);
    expect(other.digest).not.toBe(one.digest);
  });

  test('has as many faults as its rates say, and ends with every card repaired that can be', async () => {
    const findings = await run(MONTH, { all: { lemonFactor: 20 } });
    expect(findings.expectedFaults.holds).toBe(true);
    expect(findings.expectedFaults.mean).toBeGreaterThan(150);
    expect(Object.values(findings.faults).reduce((a, b) => a + b, 0)).toBe(findings.faultsTotal);
    expect(findings.faultsPerDay).toBeCloseTo(findings.faultsTotal / 30, 2);
    expect([findings.casesAbandoned, findings.refusals, findings.cardHours]).toEqual([0, {}, 460_800]);
    expect(findings.casesClosed).toBeGreaterThan(50);
    expect(findings.mttrHours).toBeGreaterThan(0.1);
    expect(findings.unavailableCardHours).toBeGreaterThan(0);
    expect(Object.values(findings.healthAtEnd).reduce((a, b) => a + b, 0)).toBe(640);
  });

  test('finds a link at half width, which no event tells, by reading again', async () => {
    const { repairs, faults } = await run('--cards 160 --days 10 --rates none', {
      all: { perHour: { icn_half_width: 1e-4 } },
    });
    expect(faults.icn_half_width).toBeGreaterThan(0);
    expect(repairs.os_reboot).toBeGreaterThan(0);
  });

  test('without rates is a month in which nothing happens', async () => {
    const findings = await run('--cards 17 --days 3 --rates none');
    expect(findings).toMatchObject({ servers: 2, faultsTotal: 0, events: {}, repairs: {}, mttrHours: null });
    expect(findings.expectedFaults).toEqual({ mean: 0, low: 0, high: 0, probability: 0.99, holds: true });
    expect(findings.healthAtEnd.healthy).toBe(17);
  });

  test('says each day that is done', async () => {
    const days: number[] = [];
    await run('--cards 1 --days 3 --rates none', {}, (done) => days.push(done));
    expect(days).toEqual([1, 2, 3]);
  });
});

test('a layer that does not fit the fleet is refused', async () => {
  await expect(run('--cards 16 --days 1', { node: { 'node-00001': {} } })).rejects.toBeInstanceOf(LayerError);
});

test('the table says what the object says', async () => {
  const findings = await run('--cards 320 --days 30', { all: { lemonFactor: 30 } });
  const cost = costOf(30, 2, 100);
  expect(cost).toEqual({ wallSeconds: 2, simulatedPerWall: 1_296_000, peakRssMiB: 100 });
  const table = tableOf(findings, cost);
  expect(table).toContain(findings.digest);
  expect(table).toContain(`${findings.faultsTotal} (`);
  expect(tableOf({ ...findings, expectedFaults: { ...findings.expectedFaults, holds: false } }, cost)).toContain(
    'DOES NOT HOLD',
  );
});
