import { present } from '#lib/core/assert.ts';
import type { CapturedCard, NodeCapture } from './capture.ts';
import { type DeviceDriver, type DeviceInfo, DriverError, type NumberReading, type SampleField } from './types.ts';

const FIELDS = [
  'utilPct',
  'memUsedBytes',
  'powerMw',
  'powerLimitMw',
  'tempC',
] as const satisfies readonly SampleField[];

/** What an adapter says of a server in the words of a recording; null where it does not carry something. */
export type DriverCapture = {
  readonly driverVersion: string;
  readonly cards: readonly Nullable<CapturedCard>[];
  readonly paths: NodeCapture['paths'];
};

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** Records a server through its driver, whichever adapter it is: the other direction of `specOfCapture`. */
export async function captureNode(driver: DeviceDriver): Promise<DriverCapture> {
  const [{ driver: driverVersion }, infos, topology] = await Promise.all([
    driver.system(),
    driver.list(),
    driver.topology(),
  ]);
  const sorted = [...infos].sort((a, b) => a.index - b.index);
  const places = sorted.map(({ uuid }) => topology.uuids.indexOf(uuid));
  return {
    driverVersion,
    cards: await Promise.all(sorted.map((info) => captureCard(driver, info))),
    paths: places.map((a) => places.map((b) => present(topology.path[a]?.[b], 'a cell of the topology'))),
  };
}

async function captureCard(driver: DeviceDriver, info: DeviceInfo): Promise<Nullable<CapturedCard>> {
  const ref = { uuid: info.uuid };
  const sample = await driver.sample(ref, FIELDS);
  const links = await driver.links(ref).catch((error: unknown) => {
    if (error instanceof DriverError) return null;
    throw error;
  });
  return {
    index: info.index,
    minor: info.minor,
    uuid: info.uuid,
    pciBusId: info.pciBusId,
    model: info.model,
    numaNode: info.numaNode,
    cpuAffinity: info.cpuAffinity,
    icnLinks: links?.length ?? null,
    activeIcnLinks: links?.filter(({ state }) => state === 'active').length ?? null,
    memoryBytes: info.memoryBytes,
    isPartitioned: info.mig === 'on',
    utilPct: valueOrNull(sample.utilPct),
    memUsedBytes: valueOrNull(sample.memUsedBytes),
    powerMw: valueOrNull(sample.powerMw),
    powerLimitMw: valueOrNull(sample.powerLimitMw),
    tempC: valueOrNull(sample.tempC),
  };
}

function valueOrNull(reading: NumberReading): number | null {
  return reading.ok ? reading.value : null;
}
