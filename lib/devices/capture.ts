import { z } from 'zod';
import { MIB } from './card-profile.ts';
import { normalisePciBusId } from './pci.ts';
import { findProfileByName } from './profiles.ts';
import type { RecordedState, SimulatedNodeSpec } from './simulation.ts';
import type { TopologyPath } from './types.ts';

/** One card of a server as it was recorded. */
export type CapturedCard = RecordedState & {
  readonly uuid: string;
  readonly pciBusId: string;
  /** The name that the driver reported. */
  readonly model: string;
  readonly numaNode: number;
  readonly memoryBytes: number;
  readonly powerLimitMw: number;
};

/** A server as it was recorded, its cards in the order of their index. */
export type NodeCapture = {
  readonly driverVersion: string;
  readonly cards: readonly CapturedCard[];
  readonly paths: readonly (readonly TopologyPath[])[];
};

/** A recording that cannot be used: where, and why. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
}

/** The recording tool's numbers for how two cards are joined; those of PCI equal the management library's. */
const PATH_OF_DISTANCE: ReadonlyMap<number, TopologyPath> = new Map([
  [0, 'SELF'],
  [5, 'ICN'],
  [10, 'PIX'],
  [20, 'PXB'],
  [30, 'PHB'],
  [40, 'NODE'],
  [50, 'SYS'],
]);

const count = z.int().min(0);
const pciBusId = z.string().transform((text, context) => {
  const normal = normalisePciBusId(text);
  if (normal === null) context.addIssue({ code: 'custom', message: 'no PCI bus id' });
  return normal ?? z.NEVER;
});
const numaNode = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform((text) => Number.parseInt(text, 10));
const cpuList = z.string().regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/);

const detectedCard = z.strictObject({
  manufacturer: z.literal('thead'),
  index: count,
  name: z.string(),
  uuid: z.string().regex(/^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  driver_version: z.string().min(1),
  runtime_version: z.string().nullable(),
  runtime_version_original: z.string().nullable(),
  compute_capability: z.string(),
  cores: count,
  cores_utilization: z.number().min(0).max(100),
  memory: count,
  memory_used: count,
  memory_utilization: z.number().min(0).max(100),
  memory_status: z.literal('healthy'),
  temperature: z.number(),
  power: z.number().gt(0),
  power_used: z.number().min(0),
  appendix: z.strictObject({ mig: z.boolean(), bdf: pciBusId, minor_number: count, numa: numaNode }),
});
const distance = z.number().transform((value, context) => {
  const path = PATH_OF_DISTANCE.get(value);
  if (path === undefined) context.addIssue({ code: 'custom', message: `${value} is no known distance` });
  return path ?? z.NEVER;
});
const recordedLinks = z.strictObject({ links_count: count, links_state: count, links_active_count: count });
const detection = z.array(detectedCard).min(1);
const topology = z.tuple([
  z.strictObject({
    manufacturer: z.literal('thead'),
    devices_distances: z.array(z.array(distance)),
    devices_cpu_affinities: z.array(cpuList),
    devices_numa_affinities: z.array(numaNode),
    appendices: z.array(recordedLinks),
  }),
]);

/**
 * Reads the two parts of a recording of a real server, as parsed JSON: what was detected of each card, and how the
 * cards are joined. Both are taken as they stand, even where they contradict each other (cards joined by links of
 * which none is active). Throws {@link CaptureError} for anything unknown, missing or inconsistent in form.
 */
export function parseCapture(detected: unknown, joined: unknown): NodeCapture {
  const cards = read('detection', detection, detected);
  const [node] = read('topology', topology, joined);
  const { devices_distances: paths, devices_cpu_affinities: affinities, appendices: links } = node;
  const numaNodes = node.devices_numa_affinities;
  const sizes = [paths, affinities, numaNodes, links, ...paths].map((list) => list.length);
  demand(
    sizes.every((size) => size === cards.length),
    `topology: not every list is of ${cards.length} cards`,
  );
  demandConsistent(cards, paths, numaNodes);
  return {
    driverVersion: cards[0]?.driver_version ?? '',
    paths,
    cards: cards.map((card, at) => ({
      index: card.index,
      minor: card.appendix.minor_number,
      uuid: card.uuid,
      pciBusId: card.appendix.bdf,
      model: card.name,
      numaNode: card.appendix.numa,
      cpuAffinity: affinities[at] ?? '',
      icnLinks: links[at]?.links_count ?? 0,
      activeIcnLinks: links[at]?.links_active_count ?? 0,
      utilPct: card.cores_utilization,
      memoryBytes: card.memory * MIB,
      memUsedBytes: card.memory_used * MIB,
      powerLimitMw: Math.round(card.power * 1_000),
      powerMw: Math.round(card.power_used * 1_000),
      tempC: card.temperature,
      isPartitioned: card.appendix.mig,
    })),
  };
}

function demandConsistent(
  cards: z.infer<typeof detection>,
  paths: readonly (readonly TopologyPath[])[],
  numaNodes: readonly number[],
): void {
  const isSymmetric = paths.every((row, a) => row.every((path, b) => path === paths[b]?.[a]));
  demand(isSymmetric, 'topology: devices_distances is not the same read by column');
  demand(
    paths.every((row, a) => row.every((path, b) => (path === 'SELF') === (a === b))),
    'topology: 0 is the distance of a card to itself and to no other',
  );
  for (const key of ['index', 'uuid'] as const) {
    demand(new Set(cards.map((card) => card[key])).size === cards.length, `detection: ${key} repeats itself`);
  }
  for (const key of ['bdf', 'minor_number'] as const) {
    demand(new Set(cards.map((card) => card.appendix[key])).size === cards.length, `detection: ${key} repeats itself`);
  }
  demand(
    cards.every((card, at) => card.index === at),
    'detection: the cards are not in the order of their index',
  );
  demand(new Set(cards.map((card) => card.driver_version)).size === 1, 'detection: one server has one driver');
  demand(
    cards.every((card, at) => card.appendix.numa === numaNodes[at]),
    'topology: NUMA nodes differ from those detected',
  );
  demand(
    cards.every((card) => card.memory_used <= card.memory),
    'detection: more memory in use than there is',
  );
}

/**
 * The server that a recording is of, for the simulator. Throws {@link CaptureError} when its cards are of several
 * models, or of one that we have no profile of, or that differs from the profile in memory or power limit.
 */
export function specOfCapture(capture: NodeCapture, nodeId: string): SimulatedNodeSpec {
  const [model, ...others] = new Set(capture.cards.map((card) => card.model));
  const profile = model === undefined ? null : findProfileByName(model);
  if (!profile || others.length > 0)
    throw new CaptureError(`detection: no profile of ${[model, ...others].join(', ')}`);
  const { memoryBytes, powerLimitDefaultMw } = profile.figures;
  demand(
    capture.cards.every((card) => card.memoryBytes === memoryBytes && card.powerLimitMw === powerLimitDefaultMw),
    `detection: memory or power limit is not that of ${profile.modelId}`,
  );
  return {
    nodeId,
    modelId: profile.modelId,
    driverVersion: capture.driverVersion,
    recordedPaths: capture.paths,
    cards: capture.cards.map(({ uuid, pciBusId: bus, numaNode: numa, ...recorded }, slot) => ({
      uuid,
      serial: null,
      pciBusId: bus,
      slot,
      numaNode: numa,
      recorded,
    })),
  };
}

function read<S extends z.ZodType>(part: string, schema: S, json: unknown): z.output<S> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const key = [part, ...(issue?.path ?? []), ...unknown].join('.');
  throw new CaptureError(`${key}: ${issue?.message ?? 'unreadable'}`);
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new CaptureError(otherwise);
}
