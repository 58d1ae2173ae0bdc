import type { CardObservation, LinkSummary } from './health.ts';
import { findProfileByName } from './profiles.ts';
import {
  type Attempt,
  type DeviceArch,
  type DeviceDriver,
  type DeviceInfo,
  DriverCode,
  DriverError,
  type IcnLink,
  type NumberReading,
  type PresenceState,
  type Reading,
} from './types.ts';

const HEALTH_FIELDS = ['throttleBits', 'memUsableBytes', 'eccCorVol'] as const;

/** What one round of reading told about a card; the XIDs come from events, the failed rounds from the watcher. */
export type CardReadout = Omit<CardObservation, 'xids' | 'failedReads'>;

/** What must be known of a card to read and judge it. `info` is null until the driver has listed it once. */
export type CardIdentity = { readonly uuid: string; readonly info: DeviceInfo | null };

/** The cards of a server as its driver sees them now. `presence` is null when the PCI view could not be read. */
export type NodeReadout = {
  readonly infos: readonly DeviceInfo[];
  readonly presence: ReadonlyMap<string, PresenceState> | null;
};

/** Reads the list and the PCI view. A server whose driver answers with a code has no list; that is no error here. */
export async function readNode(driver: DeviceDriver): Promise<NodeReadout> {
  const [infos, seen] = await Promise.all([attempt(driver.list()), attempt(driver.presence())]);
  const known = seen.ok
    ? seen.value.flatMap(({ uuid, state }) => (uuid === null ? [] : [[uuid, state] as const]))
    : null;
  return { infos: infos.ok ? infos.value : [], presence: known && new Map(known) };
}

/** Reads what the health of a card depends on. Failed calls become failed readings; only bugs are thrown. */
export async function readCard(
  driver: DeviceDriver,
  { uuid, info }: CardIdentity,
  node: NodeReadout,
): Promise<CardReadout> {
  const ref = { uuid };
  const [recovery, sample, links, fabric] = await Promise.all([
    readingOf(driver.recoveryAction(ref)),
    attempt(driver.sample(ref, HEALTH_FIELDS)),
    attempt(driver.links(ref)),
    readingOf(driver.fabric(ref)),
  ]);
  const figures = info && findProfileByName(info.model)?.figures;
  const field = (name: (typeof HEALTH_FIELDS)[number]): NumberReading => (sample.ok ? sample.value[name] : sample);
  return {
    arch: info?.arch ?? ('unknown' satisfies DeviceArch),
    presence: node.presence && (node.presence.get(uuid) ?? 'lost'),
    recovery,
    throttleBits: field('throttleBits'),
    memUsableBytes: field('memUsableBytes'),
    eccCorVol: field('eccCorVol'),
    links: links.ok ? { ok: true, value: summariseLinks(links.value, figures?.icnLanes ?? 0) } : links,
    fabric,
    soldMemoryBytes: figures?.soldMemoryBytes ?? null,
  };
}

/** Codes that say something about the card or its server; every other failure is a read that told nothing. */
const TELLING_CODES: ReadonlySet<DriverCode> = new Set([
  DriverCode.DRIVER_NOT_LOADED,
  DriverCode.LIB_RM_MISMATCH,
  DriverCode.DEVICE_LOST,
  DriverCode.RESET_REQUIRED,
  DriverCode.NOT_FOUND,
  DriverCode.NOT_SUPPORTED,
]);

/** True when a round of reading told nothing at all: the last one still stands. */
export function isSilent({ recovery, throttleBits, memUsableBytes, links }: CardReadout): boolean {
  return [recovery, throttleBits, memUsableBytes, links].every(
    (reading) => !reading.ok && !TELLING_CODES.has(reading.code),
  );
}

/**
 * A readout with what a drain hides. A driver does not list a card that was drained, so what it told of it before is the
 * last word: a drain heals nothing.
 */
export function whileDrained(before: CardReadout, readout: CardReadout): CardReadout {
  if (readout.presence !== 'draining') return readout;
  const seen = <R extends Attempt<unknown>>(last: R, now: R): R =>
    !now.ok && now.code === DriverCode.NOT_FOUND && last.ok ? last : now;
  return {
    ...readout,
    recovery: seen(before.recovery, readout.recovery),
    throttleBits: seen(before.throttleBits, readout.throttleBits),
    memUsableBytes: seen(before.memUsableBytes, readout.memUsableBytes),
    eccCorVol: seen(before.eccCorVol, readout.eccCorVol),
    links: seen(before.links, readout.links),
    fabric: seen(before.fabric, readout.fabric),
  };
}

/** A port without a partner is not a link that is down. */
function summariseLinks(links: readonly IcnLink[], lanesFull: number): LinkSummary {
  const joined = links.filter((link) => link.remote.kind !== 'unknown');
  return {
    down: joined.filter((link) => link.state === 'inactive').length,
    reducedWidth: joined.filter((link) => link.lanes.ok && link.lanes.value < lanesFull).length,
  };
}

async function attempt<T>(call: Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (error instanceof DriverError) return { ok: false, code: error.code };
    throw error;
  }
}

async function readingOf<T>(call: Promise<Reading<T>>): Promise<Reading<T>> {
  const answer = await attempt(call);
  return answer.ok ? answer.value : answer;
}
