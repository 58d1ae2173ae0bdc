import type { Instant } from '#lib/core/instant.ts';
import { MIB } from '../card-profile.ts';
import { NVIDIA_CONTAINER } from '../containers.ts';
import { findProfileByName } from '../profiles.ts';
import { type DeviceInfo, DriverCode, DriverError } from '../types.ts';
import { readQuantity } from './cell.ts';
import type { NvidiaServer } from './nvidia-server.ts';
import type { ListedCard } from './server-state.ts';

const MIG_MODES: ReadonlyMap<string, DeviceInfo['mig']> = new Map([
  ['Enabled', 'on'],
  ['Disabled', 'off'],
]);

/** The card's number of this boot; throws `UNKNOWN`. */
export function indexOf({ row }: ListedCard, at: Instant): number {
  const index = readQuantity(row('index'), '', 1, at);
  if (!index.ok) throw new DriverError(DriverCode.UNKNOWN, 'index');
  return index.value;
}

/** The identities of cards, of which the tool tells the one part, the PCI files and the topology the others. Throws `UNKNOWN`. */
export async function infosOf(server: NvidiaServer, cards: readonly ListedCard[]): Promise<DeviceInfo[]> {
  const at = server.clock();
  const [procs, topo, links] = await Promise.all([
    server.procInfo.run(),
    server.topo.run(),
    server.linksWith(cards.map((card) => card.row('uuid') ?? '')),
  ]);
  return cards.map((card): DeviceInfo => {
    const { busId, row } = card;
    const index = indexOf(card, at);
    const memory = readQuantity(row('memoryTotal'), 'MiB', MIB, at);
    const minor = procs.get(busId)?.minor ?? null;
    const uuid = row('uuid') ?? '';
    if (!memory.ok || minor === null || uuid === '') throw new DriverError(DriverCode.UNKNOWN, 'info', uuid);
    const powerLimit = readQuantity(row('powerLimitDefault'), 'W', 1_000, at);
    const model = row('name') ?? '';
    return {
      uuid,
      index,
      minor,
      deviceNode: `${NVIDIA_CONTAINER.cardNodePrefix}${minor}`,
      pciBusId: busId,
      serial: row('serial') ?? null,
      model,
      arch: row('computeCapability') === '9.0' ? 'hopper' : 'unknown',
      numaNode: topo.get(index)?.numaNode ?? null,
      cpuAffinity: topo.get(index)?.cpuAffinity ?? null,
      rearId: null,
      memoryBytes: memory.value,
      computeUnits: findProfileByName(model)?.figures.computeUnits ?? null,
      powerLimitDefaultMw: powerLimit.ok ? powerLimit.value : null,
      icnLinks: links.status.get(uuid)?.size ?? 0,
      mig: MIG_MODES.get(row('mig') ?? '') ?? 'unsupported',
    };
  });
}
