import { present } from '#lib/core/assert.ts';
import { DAY_MS, earlier, type Instant, parseInstant, plusMs } from '#lib/core/instant.ts';
import type { FaultLayer } from '../fault-layer.ts';
import { openFleet } from '../registry.ts';
import type { SimulatedWorld } from '../simulation.ts';
import type { DeviceDriver } from '../types.ts';
import { FleetWatch } from '../watch.ts';
import { FleetHistory } from './history.ts';
import { Outages } from './outages.ts';
import { RepairDesk } from './repair-desk.ts';
import { type FleetFindings, findingsOf } from './report.ts';
import { serversOf } from './servers.ts';
import { type FleetTerms, ratesOf } from './terms.ts';

/** Every run begins here, so that a run depends on its terms alone. */
const START_AT = present(parseInstant('2026-01-01T00:00:00Z'), 'the start');

/** What shows itself by no event, such as a link at half width, is found when every card is read again. Assumption. */
const REREAD_EVERY_MS = DAY_MS;

const REREAD_SERVERS = 32;

/** What every server runs beside the jobs, and what keeps its device nodes open. */
const EXPORTER = 'exporter';

/**
 * Runs a fleet without tenants for so many days under a policy that repairs what breaks. All that is concluded of
 * cards comes through drivers and the watch; the simulator itself tells only which faults came, to compare with the
 * rates. Throws `LayerError` for a layer that does not fit the fleet. `progress` is told the days done.
 */
export async function runFleet(
  terms: FleetTerms,
  layer: FaultLayer,
  progress: (daysDone: number) => void,
): Promise<FleetFindings> {
  const servers = serversOf(terms);
  const history = new FleetHistory();
  const outages = new Outages();
  const closing = new AbortController();
  let now: Instant = START_AT;
  const world = openFleet('simulated', {
    nodes: servers,
    seed: terms.seed,
    startAt: START_AT,
    rates: ratesOf(terms.rates),
    layer,
    clock: () => now,
    onFault: (arrival) => history.strike(arrival),
  });
  const drivers = await connect(world, history, closing.signal);
  const watch = new FleetWatch(drivers);
  const desk = new RepairDesk(servers, {
    watch,
    hostOf: (nodeId) => world.host(nodeId),
    driverOf: (nodeId) => present(drivers.get(nodeId), `driver of ${nodeId}`),
    note: (...words) => history.note(...words),
  });

  const observe = async (): Promise<void> => {
    await watch.settled();
    const changes = watch.take();
    history.change(changes);
    for (const change of changes) {
      outages.take(change);
      desk.hear(change, now);
    }
    await history.hear();
  };

  const endAt = plusMs(START_AT, terms.days * DAY_MS);
  let rereadAt = plusMs(START_AT, REREAD_EVERY_MS);
  await observe();
  while (now < endAt) {
    const next = [world.nextEventAt(), desk.nextAt(), rereadAt];
    now = next.reduce<Instant>((first, each) => (each === null ? first : earlier(first, each)), endAt);
    world.runTo(now);
    await observe();
    if (now >= rereadAt) {
      await rereadAll(watch, world.nodeIds);
      progress((now - START_AT) / DAY_MS);
      rereadAt = plusMs(rereadAt, REREAD_EVERY_MS);
    }
    await desk.act(now);
    await observe();
  }
  watch.close();
  closing.abort();
  return findingsOf({ terms, servers, world, history, outages, desk, endAt });
}

/** A few servers at a time: the readings of all at once would be most of what the run holds in memory. */
async function rereadAll(watch: FleetWatch, nodeIds: readonly string[]): Promise<void> {
  for (let first = 0; first < nodeIds.length; first += REREAD_SERVERS) {
    await watch.reread(nodeIds.slice(first, first + REREAD_SERVERS));
  }
}

/** A driver handle and a running exporter for every server. */
async function connect(
  world: SimulatedWorld,
  history: FleetHistory,
  signal: AbortSignal,
): Promise<Map<string, DeviceDriver>> {
  const drivers = new Map<string, DeviceDriver>();
  for (const nodeId of world.nodeIds) {
    const driver = world.driver(nodeId);
    await driver.init();
    world.host(nodeId).startMonitor(EXPORTER);
    history.listenTo(nodeId, driver, signal);
    drivers.set(nodeId, driver);
  }
  return drivers;
}
