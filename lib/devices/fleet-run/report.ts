import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import type { Health } from '../health.ts';
import type { SimulatedNodeSpec, SimulatedWorld } from '../simulation.ts';
import type { FaultKind } from '../fault-types.ts';
import type { DeviceEventType } from '../types.ts';
import type { FleetHistory } from './history.ts';
import type { Outages } from './outages.ts';
import type { Repair } from './policy.ts';
import { poissonInterval } from './poisson.ts';
import type { RepairDesk } from './repair-desk.ts';
import type { FleetTerms } from './terms.ts';

const PROBABILITY = 0.99;
const HOURS_PER_DAY = 24;

/** What a run found: the same for the same terms, on every machine. */
export type FleetFindings = {
  readonly model: string;
  readonly cards: number;
  readonly servers: number;
  readonly days: number;
  readonly seed: number;
  readonly rates: string;
  readonly cardHours: number;
  /** Device events by type, as the drivers told them. */
  readonly events: Readonly<Partial<Record<DeviceEventType, number>>>;
  /** Faults that came by themselves, silent ones and those that found nothing left to break included. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly faultsTotal: number;
  readonly faultsWithoutEffect: number;
  readonly faultsPerDay: number;
  /** Of a Poisson process with the rates of this fleet, lemons as its seed drew them. */
  readonly expectedFaults: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
    readonly probability: number;
    readonly holds: boolean;
  };
  readonly repairs: Readonly<Partial<Record<Repair, number>>>;
  /** Repairs that a driver or a host refused, by operation and code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** From bad news to the last card of the server that works again, mean over `casesClosed`; null without any. */
  readonly mttrHours: number | null;
  readonly casesClosed: number;
  readonly casesOpen: number;
  readonly casesAbandoned: number;
  readonly unavailableCardHours: number;
  /** How many cards are in which health at the end. */
  readonly healthAtEnd: Readonly<Record<Health, number>>;
  /** SHA-256 of every fault, event, change of health and repair, in order. */
  readonly digest: string;
};

/** What it cost to find it; another time it will be other figures. */
export type FleetCost = {
  readonly wallSeconds: number;
  readonly simulatedPerWall: number;
  readonly peakRssMiB: number;
};

export function findingsOf(run: {
  readonly terms: FleetTerms;
  readonly servers: readonly SimulatedNodeSpec[];
  readonly world: SimulatedWorld;
  readonly history: FleetHistory;
  readonly outages: Outages;
  readonly desk: RepairDesk;
  readonly endAt: Instant;
}): FleetFindings {
  const { terms, servers, world, history, outages, desk, endAt } = run;
  const { cards, days, seed, rates, modelId } = terms;
  const { faultsTotal } = history;
  const mean = world.faultsPerHour() * HOURS_PER_DAY * days;
  const { low, high } = poissonInterval(mean, PROBABILITY);
  const holds = faultsTotal >= low && faultsTotal <= high;
  return {
    model: modelId,
    cards,
    servers: servers.length,
    days,
    seed,
    rates,
    cardHours: cards * days * HOURS_PER_DAY,
    events: history.events,
    faults: history.faults,
    faultsTotal,
    faultsWithoutEffect: history.faultsWithoutEffect,
    faultsPerDay: rounded(faultsTotal / days),
    expectedFaults: { mean: rounded(mean), low, high, probability: PROBABILITY, holds },
    repairs: desk.repairs,
    refusals: desk.refusals,
    mttrHours: desk.mttrHours === null ? null : rounded(desk.mttrHours),
    casesClosed: desk.closedCases,
    casesOpen: desk.openCases,
    casesAbandoned: desk.abandoned,
    unavailableCardHours: rounded(outages.hoursTo(endAt)),
    healthAtEnd: outages.census(),
    digest: history.digest(),
  };
}

/** Speed against real time, from the seconds that a run took. */
export function costOf(days: number, wallSeconds: number, peakRssMiB: number): FleetCost {
  const simulatedSeconds = days * HOURS_PER_DAY * (HOUR_MS / 1_000);
  return {
    wallSeconds: rounded(wallSeconds),
    simulatedPerWall: Math.round(simulatedSeconds / wallSeconds),
    peakRssMiB: Math.round(peakRssMiB),
  };
}

/** A short table for people. */
export function tableOf(findings: FleetFindings, cost: FleetCost): string {
  const { expectedFaults: expected, mttrHours } = findings;
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  const rows: readonly (readonly [string, string])[] = [
    ['fleet', `${findings.cards} × ${findings.model} in ${findings.servers} servers, ${findings.days} days`],
    ['faults', `${findings.faultsTotal} (${findings.faultsPerDay} a day): ${counts(findings.faults)}`],
    [
      'expected',
      `${expected.mean}, 99 % within ${expected.low} to ${expected.high}: ${expected.holds ? 'holds' : 'DOES NOT HOLD'}`,
    ],
    ['events', counts(findings.events)],
    ['repairs', counts(findings.repairs)],
    ['refused', counts(findings.refusals)],
    [
      'mean time to repair',
      mttrHours === null ? 'nothing was repaired' : `${mttrHours} h over ${findings.casesClosed}`,
    ],
    ['out', `${findings.unavailableCardHours} of ${findings.cardHours} card-hours`],
    ['at the end', counts(findings.healthAtEnd)],
    ['cost', `${cost.wallSeconds} s, ${cost.simulatedPerWall} × real time, ${cost.peakRssMiB} MiB`],
    ['digest', findings.digest],
  ];
  return rows.map(([name, text]) => `${name.padEnd(20)} ${text}`).join('\n');
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
