import { earlier, type Instant, instant } from '#lib/core/instant.ts';
import { speedOf, thermalSpeedOf } from './faults.ts';
import { hasFaultyWire } from './interconnect.ts';
import { addLoads, type Load } from './loads.ts';
import { idlePowerW, nextSegment } from './physics.ts';
import type { Sim, SimCard, SimNode, SimProcess } from './state.ts';

const HOT_C = { mild: 90, severe: 94 } as const;

/** Calls `ended` for a process whose time has come. */
type EndProcess = (process: SimProcess, at: Instant) => void;

/**
 * Brings a server's processes and cards in line after a change of processes, faults or limits: each process gets its
 * new pace and end, each card its new power and heat.
 */
export function refreshNode(sim: Sim, node: SimNode, ended: EndProcess): void {
  const running = new Set(node.cards.flatMap((card) => card.processes));
  for (const process of running) repace(sim, process, ended);
  for (const card of node.cards) startSegment(sim, card);
}

/** What the processes of a card ask of it now. One that hangs on a broken wire spins and moves nothing. */
export function loadOf(card: SimCard): Load {
  return addLoads(
    card.processes.map(({ load, speed }) => (speed > 0 ? load : { ...load, powerShare: 0.3, icnShare: 0 })),
  );
}

/** The power that its load asks of a card before any limit, W. */
export function wantedPowerW(card: SimCard): number {
  const idleW = idlePowerW(card.figures, card.key);
  const fullW = card.figures.powerLimitDefaultMw / 1_000;
  return idleW + (fullW - idleW) * loadOf(card).powerShare * thermalSpeedOf(card);
}

function startSegment(sim: Sim, card: SimCard): void {
  const thermal = card.faults.find((fault) => fault.kind === 'thermal');
  const hotC = thermal ? HOT_C[thermal.isSevere ? 'severe' : 'mild'] : null;
  const meanPowerW = Math.min(wantedPowerW(card), card.powerLimitMw / 1_000);
  card.segment = nextSegment(card.figures, card.key, card.segment, { at: sim.now, meanPowerW, hotC });
}

function repace(sim: Sim, process: SimProcess, ended: EndProcess): void {
  if (process.workLeftMs !== null) process.workLeftMs -= (sim.now - process.pacedAt) * process.speed;
  process.pacedAt = sim.now;
  process.speed = paceOf(process);
  if (process.exit) process.exit.isOff = true;
  const dueAt = endOf(process);
  process.exit = dueAt === null ? null : sim.agenda.add(dueAt, () => ended(process, dueAt));
}

/** A group is as slow as its slowest card, and stands still when a wire between its cards is down. */
function paceOf({ cards }: SimProcess): number {
  if (cards.length > 1 && cards.some(hasFaultyWire)) return 0;
  return Math.min(...cards.map(speedOf));
}

function endOf({ workLeftMs, speed, pacedAt, stopAt }: SimProcess): Instant | null {
  const doneAt =
    workLeftMs === null || speed === 0 ? null : instant(pacedAt + Math.ceil(Math.max(0, workLeftMs) / speed));
  if (doneAt === null || stopAt === null) return doneAt ?? stopAt;
  return earlier(doneAt, stopAt);
}
