import type { Instant } from '#lib/core/instant.ts';
import { normalisePciBusId } from '../pci.ts';
import { DriverCode, DriverError, type IcnLink, type NumberReading } from '../types.ts';

/** The lines of one card's links, by link. */
type LinkLines = ReadonlyMap<number, readonly string[]>;

const CARD = /^GPU \d+: .* \(UUID: (\S+)\)$/;
/** What stands below a card none of whose links is up. */
const NO_LINKS = /^NVML: Unable to retrieve NVLink information/;
const LINK = /^Link (\d+): (.+)$/;

/** What `nvidia-smi nvlink -s`, `-R` and `-e` print: a line per card, and below it what is said of each link. */
export function parseLinkReport(text: string): ReadonlyMap<string, LinkLines> {
  const cards = new Map<string, Map<number, string[]>>();
  let links: Map<number, string[]> | null = null;
  if (text !== '' && !text.endsWith('\n')) throw new DriverError(DriverCode.UNKNOWN, 'nvlink');
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const uuid = CARD.exec(line)?.[1];
    const link = LINK.exec(line);
    if (uuid !== undefined) {
      links = new Map();
      cards.set(uuid, links);
    } else if (link && links) {
      const id = Number(link[1]);
      links.set(id, [...(links.get(id) ?? []), link[2] ?? '']);
    } else if (line !== '' && !NO_LINKS.test(line)) {
      throw new DriverError(DriverCode.UNKNOWN, 'nvlink');
    }
  }
  return cards;
}

export type LinkReports = {
  readonly status: ReadonlyMap<string, LinkLines>;
  readonly remote: ReadonlyMap<string, LinkLines>;
  readonly errors: ReadonlyMap<string, LinkLines>;
};

/**
 * Whether nothing seems to be cut off: the three reports are about the same cards, none of those seen before has fewer
 * links than `counts`, and what the one report says of a link that is up, the others do not pass over. A version that
 * counts no errors counts none at all.
 */
export function isWhole({ status, remote, errors }: LinkReports, counts: ReadonlyMap<string, number>): boolean {
  const cards = [...status.keys()].join();
  const areSame = [remote, errors].every((report) => [...report.keys()].join() === cards);
  const isComplete = [...counts].every(([uuid, count]) => !status.has(uuid) || linkCount(status, uuid) >= count);
  const hasErrors = [...errors.values()].some((links) => links.size > 0);
  const isAnswered = [...status].every(([uuid, links]) =>
    [...links].every(([id, [state]]) => {
      if (!/GB\/s$/.test(state ?? '')) return true;
      return remote.get(uuid)?.has(id) && (!hasErrors || errors.get(uuid)?.get(id)?.length === ERROR_LINES);
    }),
  );
  const isEmptied = status.size === 0 && counts.size > 0;
  return areSame && isComplete && isAnswered && !isEmptied;
}

/** Replay, recovery and CRC. */
const ERROR_LINES = 3;

function linkCount(report: ReadonlyMap<string, LinkLines>, uuid: string): number {
  return report.get(uuid)?.size ?? 0;
}

const UNSUPPORTED: NumberReading = { ok: false, code: DriverCode.NOT_SUPPORTED };

/**
 * The links of a card. `cardBuses` tells a link to another card from one to a switch. The tool names no far end for a
 * link that is down; a card whose other links all lead to switches is wired to switches alone, so that one does too.
 */
export function linksOf(uuid: string, reports: LinkReports, cardBuses: ReadonlySet<string>, at: Instant): IcnLink[] {
  const remotes = new Map(
    [...(reports.remote.get(uuid) ?? [])].map(([id, [line]]) => [id, remoteOf(line ?? '', cardBuses)]),
  );
  const isOnSwitches = remotes.size > 0 && [...remotes.values()].every(({ kind }) => kind !== 'ppu');
  const hasSwitch = [...remotes.values()].some(({ kind }) => kind === 'switch');
  const elsewhere: IcnLink['remote'] = { kind: isOnSwitches && hasSwitch ? 'switch' : 'unknown' };
  return [...(reports.status.get(uuid) ?? [])].map(([id, [status]]) => {
    const remote = remotes.get(id);
    const counters = reports.errors.get(uuid)?.get(id) ?? [];
    return {
      id,
      ...stateOf(status ?? '', at),
      txMegabytesPerSec: UNSUPPORTED,
      rxMegabytesPerSec: UNSUPPORTED,
      lanes: UNSUPPORTED,
      upCount: UNSUPPORTED,
      downCount: UNSUPPORTED,
      fecCor: UNSUPPORTED,
      fecUnc: UNSUPPORTED,
      txErr: counterOf(counters, /^Replay Errors: (\d+)$/, at),
      rxErr: counterOf(counters, /^CRC Errors: (\d+)$/, at),
      remote: remote && remote.kind !== 'unknown' ? remote : elsewhere,
    };
  });
}

function stateOf(status: string, at: Instant): Pick<IcnLink, 'state' | 'gigabytesPerSec'> {
  const speed = /^(\d+(?:\.\d+)?) GB\/s$/.exec(status)?.[1];
  if (speed !== undefined) return { state: 'active', gigabytesPerSec: { ok: true, value: Number(speed), at } };
  if (/^<inactive>$/i.test(status)) return { state: 'inactive', gigabytesPerSec: { ok: true, value: 0, at } };
  if (/^<sleep>$/i.test(status)) return { state: 'sleep', gigabytesPerSec: { ok: true, value: 0, at } };
  throw new DriverError(DriverCode.UNKNOWN, 'nvlink');
}

function counterOf(lines: readonly string[], pattern: RegExp, at: Instant): NumberReading {
  const count = lines.map((line) => pattern.exec(line)?.[1]).find((text) => text !== undefined);
  return count === undefined ? UNSUPPORTED : { ok: true, value: Number(count), at };
}

/** A switch may have an address of the fabric's own, which no bus has; all ones mean that nobody manages it. */
function remoteOf(line: string, cardBuses: ReadonlySet<string>): IcnLink['remote'] {
  const match = /^Remote Device ([0-9A-F:.]+): Link (\d+)$/i.exec(line);
  const busId = normalisePciBusId(match?.[1] ?? '');
  if (!match || busId === null || busId.startsWith('ffffffff')) return { kind: 'unknown' };
  return cardBuses.has(busId) ? { kind: 'ppu', pciBusId: busId, link: Number(match[2]) } : { kind: 'switch' };
}
