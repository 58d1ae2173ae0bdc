import { DriverCode, DriverError } from '../types.ts';

/** What we ask of every card, and under which names the tool has had it, the newest first. */
const CANDIDATES = {
  index: ['index'],
  uuid: ['uuid'],
  busId: ['pci.bus_id'],
  name: ['name'],
  serial: ['serial'],
  driverVersion: ['driver_version'],
  computeCapability: ['compute_cap'],
  persistence: ['persistence_mode'],
  mig: ['mig.mode.current'],
  memoryTotal: ['memory.total'],
  memoryReserved: ['memory.reserved'],
  memoryUsed: ['memory.used'],
  util: ['utilization.gpu'],
  memUtil: ['utilization.memory'],
  powerDraw: ['power.draw', 'power.draw.instant'],
  powerLimit: ['power.limit'],
  powerLimitDefault: ['power.default_limit'],
  temperature: ['temperature.gpu'],
  memoryTemperature: ['temperature.memory'],
  smClock: ['clocks.current.sm'],
  memoryClock: ['clocks.current.memory'],
  throttle: ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
  pcieGen: ['pcie.link.gen.gpucurrent', 'pcie.link.gen.current'],
  pcieWidth: ['pcie.link.width.current'],
  eccCorVol: ['ecc.errors.corrected.volatile.total'],
  eccUncVol: ['ecc.errors.uncorrected.volatile.total'],
  eccCorAgg: ['ecc.errors.corrected.aggregate.total'],
  eccUncAgg: ['ecc.errors.uncorrected.aggregate.total'],
  recoveryAction: ['gpu_recovery_action'],
  resetRequired: ['reset_status.reset_required'],
  resetRecommended: ['reset_status.drain_and_reset_recommended'],
  fabricState: ['fabric.state'],
  fabricStatus: ['fabric.status'],
  fabricClique: ['fabric.cliqueId', 'fabric.clique_id'],
  fabricCluster: ['fabric.clusterUuid', 'fabric.cluster_uuid'],
  fabricHealth: ['fabric.health.summary'],
} as const satisfies Record<string, readonly string[]>;

export type QueryKey = keyof typeof CANDIDATES;
/** The tool's name of what it offers; what it does not offer is absent. */
export type QueryKeys = ReadonlyMap<QueryKey, string>;

const REQUIRED: readonly QueryKey[] = ['index', 'uuid', 'busId', 'name', 'driverVersion', 'memoryTotal'];

/**
 * Chooses what to ask from what `--help-query-gpu` lists, since one name that a version does not know spoils the whole
 * question. Throws `UNKNOWN` when the list lacks what no version lacks.
 */
export function chooseKeys(help: string): QueryKeys {
  const offered = new Set([...help.matchAll(/"([A-Za-z0-9_.]+)"/g)].map((match) => match[1]));
  const entries = Object.entries(CANDIDATES) as [QueryKey, readonly string[]][];
  const chosen = entries.flatMap(([key, names]) => {
    const name = names.find((candidate) => offered.has(candidate));
    return name === undefined ? [] : [[key, name] as const];
  });
  const keys: QueryKeys = new Map(chosen);
  if (!REQUIRED.every((key) => keys.has(key))) throw new DriverError(DriverCode.UNKNOWN, 'help-query-gpu');
  return keys;
}

/** Every name that some version uses; for rendering a tool that offers them all. */
export const ALL_QUERY_NAMES: readonly string[] = Object.values(CANDIDATES).flatMap((names) => names.slice(0, 1));
