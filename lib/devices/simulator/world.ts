import { InvariantError, present } from '#lib/core/assert.ts';
import { earlier, type Instant, later } from '#lib/core/instant.ts';
import { CardDevicePlugin } from '../device-plugin.ts';
import type { FaultArrival, OpenFault, SimulatedHost, SimulatedWorld, SimulatedWorldOptions } from '../simulation.ts';
import { type Arrival, Arrivals } from './arrivals.ts';
import { buildSim } from './build.ts';
import { isNodeKind } from './hazard.ts';
import { SimInjector } from './injector.ts';
import { holdersOf, killMonitor, startMonitor } from './monitors.ts';
import { signalProcess, spawnProcess } from './processes.ts';
import { repairNode } from './repairs.ts';
import { SimDriver } from './sim-driver.ts';
import type { Sim, SimNode } from './state.ts';
import { reopenFault, reopenNodeFault, strikeCard, strikeNode } from './strike.ts';

/**
 * A deterministic fleet on the caller's clock: the same nodes, seed, start, rates and calls give the same history.
 * Throws for models without a profile and for identities that are not unique.
 */
export function createWorld(options: SimulatedWorldOptions): SimulatedWorld {
  const sim = buildSim(options);
  const arrivals = new Arrivals(options.seed, options.rates, sim.nodes.values(), options.startAt);
  const { onFault = () => undefined } = options;
  const runTo = (at: Instant): void => run(sim, arrivals, at, onFault);
  const catchUp = (): void => runTo(options.clock());
  const injector = new SimInjector(sim, catchUp);
  const nodeOf = (nodeId: string): SimNode => present(sim.nodes.get(nodeId), `simulated server ${nodeId}`);

  const driver = (nodeId: string): SimDriver => {
    const node = nodeOf(nodeId);
    return new SimDriver({
      sim,
      node,
      catchUp: (isOperation) => {
        catchUp();
        if (isOperation) injector.countOperation(node);
      },
    });
  };

  return {
    nodeIds: [...sim.nodes.keys()],
    driver,
    plugin: (nodeId) => new CardDevicePlugin(driver(nodeId), nodeOf(nodeId).profile.container, neverNeeded),
    host: (nodeId) => hostOf(sim, nodeOf(nodeId), catchUp),
    injector,
    runTo,
    faultsPerHour: () => arrivals.perHour,
    nextEventAt: () => nextAt(sim, arrivals),
    openFaults: () => openFaults(sim),
    restore: (faults) => restore(sim, faults),
  };
}

/** A simulated event stream never breaks, so its plugin never has to wait before it subscribes again. */
function neverNeeded(): Promise<never> {
  return Promise.reject(new InvariantError('a simulated event stream broke'));
}

/** Scheduled things and chance share one order; at the same instant what was scheduled goes first. */
function run(sim: Sim, arrivals: Arrivals, to: Instant, onFault: (arrival: FaultArrival) => void): void {
  for (;;) {
    const due = sim.agenda.nextAt();
    const arrival = arrivals.peek(sim.now);
    if (due !== null && due <= to && (!arrival || due <= arrival.at)) {
      sim.now = later(sim.now, due);
      sim.agenda.take()?.happen();
    } else if (arrival && arrival.at <= to) {
      sim.now = later(sim.now, arrival.at);
      arrivals.take();
      onFault(strike(sim, arrival));
    } else {
      sim.now = later(sim.now, to);
      return;
    }
  }
}

function strike(sim: Sim, { at, node, card, kind }: Arrival): FaultArrival {
  const hasStruck = card ? strikeCard(sim, card, kind) : strikeNode(sim, node, kind);
  return { at, nodeId: node.id, uuid: card?.uuid ?? null, kind, hasStruck };
}

function nextAt(sim: Sim, arrivals: Arrivals): Instant | null {
  const due = sim.agenda.nextAt();
  const arrivalAt = arrivals.peek(sim.now)?.at ?? null;
  return due === null || arrivalAt === null ? (due ?? arrivalAt) : earlier(due, arrivalAt);
}

function hostOf(sim: Sim, node: SimNode, catchUp: () => void): SimulatedHost {
  return {
    spawn: (request) => {
      catchUp();
      return spawnProcess(sim, node, request).pid;
    },
    kill: (pid, signal) => {
      catchUp();
      return killMonitor(node, pid) || signalProcess(sim, node, pid, signal);
    },
    startMonitor: (name) => {
      catchUp();
      return startMonitor(node, name);
    },
    holders: () => {
      catchUp();
      return holdersOf(node);
    },
    process: (pid) => {
      catchUp();
      return node.processes.get(pid)?.state ?? null;
    },
    perform: (action) => {
      catchUp();
      return repairNode(sim, node, action);
    },
  };
}

function openFaults(sim: Sim): OpenFault[] {
  return [...sim.nodes.values()].flatMap((node) => [
    ...node.faults.map(({ kind, since }) => ({ uuid: present(node.cards[0], 'a card').uuid, kind, since })),
    ...node.cards.flatMap(({ uuid, faults }) => faults.map(({ kind, since }) => ({ uuid, kind, since }))),
  ]);
}

function restore(sim: Sim, faults: readonly OpenFault[]): void {
  for (const { uuid, kind, since } of faults) {
    const card = present(sim.cards.get(uuid), `simulated card ${uuid}`);
    if (isNodeKind(kind)) reopenNodeFault(card.node, kind, since);
    else reopenFault(sim, card, kind, since);
  }
}
