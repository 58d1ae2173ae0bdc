import type { Instant } from '#lib/core/instant.ts';
import { normalisePciBusId } from '../pci.ts';
import {
  type Attempt,
  type DeviceDriver,
  type DeviceInfo,
  type DeviceRef,
  DriverCode,
  DriverError,
  type NumberReading,
  SAMPLE_FIELDS,
  type SampleField,
} from '../types.ts';

/** What the tools of a server stand on: its management interface, its clock, and a way to let time pass. */
export type ToolHost = {
  readonly openDriver: () => DeviceDriver;
  readonly now: () => Instant;
  /** Resolves after that time, or at once when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** One run of the tool. */
export type Session = {
  readonly driver: DeviceDriver;
  readonly host: ToolHost;
  readonly signal: AbortSignal;
  /** Runs that keep the cards of this server open; a reset is refused under them. */
  readonly monitors: Set<AbortSignal>;
};

/** A card to report on. A lost one has its place on the bus and nothing else. */
export type ToolCard = {
  readonly uuid: string;
  readonly pciBusId: string;
  readonly info: Attempt<DeviceInfo>;
};

/** The cards that `-i` names, or all that the driver lists. Rejects `NOT_FOUND` when there is none. */
export async function selectCards({ driver }: Session, ids: string | undefined): Promise<ToolCard[]> {
  const listed = await driver.list();
  const wanted =
    ids === undefined
      ? listed.map(toCard)
      : await Promise.all(ids.split(',').map((id) => findCard(driver, listed, id)));
  if (wanted.length === 0) throw new DriverError(DriverCode.NOT_FOUND, 'select');
  return wanted;
}

async function findCard(driver: DeviceDriver, listed: readonly DeviceInfo[], id: string): Promise<ToolCard> {
  const serial = listed.find((info) => info.serial === id);
  const ref = serial ?? refOf(id.trim());
  try {
    return toCard(await driver.info(ref));
  } catch (error) {
    if (!(error instanceof DriverError) || error.code !== DriverCode.DEVICE_LOST) throw error;
    const onBus = (await driver.presence()).find(
      ({ uuid, pciBusId }) => ('uuid' in ref && uuid === ref.uuid) || ('pciBusId' in ref && pciBusId === ref.pciBusId),
    );
    if (!onBus?.uuid) throw new DriverError(DriverCode.NOT_FOUND, 'select');
    return { uuid: onBus.uuid, pciBusId: onBus.pciBusId, info: { ok: false, code: error.code } };
  }
}

/** An index, a bus id in any spelling, or a uuid in either of its prefixes. */
function refOf(id: string): DeviceRef {
  if (/^\d{1,4}$/.test(id)) return { index: Number(id) };
  const pciBusId = normalisePciBusId(id);
  return pciBusId === null ? { uuid: id.replace(/^PPU-/, 'GPU-') } : { pciBusId };
}

function toCard(info: DeviceInfo): ToolCard {
  return { uuid: info.uuid, pciBusId: info.pciBusId, info: { ok: true, value: info } };
}

/** Everything that can be measured of a card now. */
export async function sampleCard(
  { driver }: Session,
  { uuid }: ToolCard,
): Promise<Readonly<Record<SampleField, NumberReading>>> {
  return driver.sample({ uuid }, SAMPLE_FIELDS);
}
