import type { Instant } from '#lib/core/instant.ts';
import { normalisePciBusId } from '../pci.ts';
import { codeOfText } from '../tool/error-text.ts';
import { DriverCode, type IcnLink, type NumberReading } from '../types.ts';
import { unreadable } from './tool-text.ts';

/** What is asked of the links besides their state (`-s`), by option. A build may lack any of them. */
export const OTHER_LINK_REPORTS = ['-r', '-lw', '-e', '-gt r'] as const;
type OtherReport = (typeof OTHER_LINK_REPORTS)[number];
export type LinkReport = '-s' | OtherReport;

/** What a report says, by card and link: its lines without the link's name. */
export type LinkLines = ReadonlyMap<string, ReadonlyMap<number, readonly string[]>>;

const CARD = /^[PG]PU \d+: .*\(UUID: (\S+)\)$/;
const LINK = /^\s+Link (\d+): (.*)$/;

/** Reads one report of `icn`. Throws `UNKNOWN` for anything that is not one. */
export function parseLinkLines(text: string): LinkLines {
  const cards = new Map<string, Map<number, string[]>>();
  let links: Map<number, string[]> | undefined;
  if (!text.endsWith('\n')) throw unreadable('icn');
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const uuid = CARD.exec(line)?.[1];
    const [, id, content = ''] = LINK.exec(line) ?? [];
    if (uuid !== undefined) {
      links = new Map();
      cards.set(uuid, links);
    } else if (id !== undefined && links) {
      links.set(Number(id), [...(links.get(Number(id)) ?? []), content.trim()]);
    } else {
      throw unreadable('icn');
    }
  }
  if (cards.size === 0) throw unreadable('icn');
  return cards;
}

/** Whom a link led to when it was last seen up: a build that hides the far end of an inactive link hides no loss. */
export type FarEnds = Map<string, IcnLink['remote']>;

/** The links of a card out of all reports. Throws `UNKNOWN` when the reports do not speak of the same links. */
export function linksOf(
  uuid: string,
  states: LinkLines,
  others: ReadonlyMap<OtherReport, LinkLines | null>,
  farEnds: FarEnds,
  at: Instant,
): IcnLink[] {
  const own = states.get(uuid) ?? new Map<number, readonly string[]>();
  const ids = [...own.keys()];
  for (const report of others.values()) {
    if (report && [...(report.get(uuid)?.keys() ?? [])].join() !== ids.join()) throw unreadable('icn');
  }
  return ids.map((id) => {
    const lines = (name: OtherReport): readonly string[] => others.get(name)?.get(uuid)?.get(id) ?? [];
    const labelled = (name: OtherReport, label: string, unit = ''): NumberReading => {
      const line = lines(name).find((candidate) => candidate.startsWith(`${label}: `));
      return line === undefined ? NOT_SUPPORTED : readNumber(line.slice(label.length + 2), unit, at);
    };
    return {
      id,
      ...stateOf(own.get(id)?.[0] ?? '', at),
      txMegabytesPerSec: labelled('-gt r', 'Raw Tx', ' MB/s'),
      rxMegabytesPerSec: labelled('-gt r', 'Raw Rx', ' MB/s'),
      lanes: lines('-lw')[0] === undefined ? NOT_SUPPORTED : readNumber(lines('-lw')[0] ?? '', 'x', at),
      upCount: labelled('-e', 'Link Up Count'),
      downCount: labelled('-e', 'Link Down Count'),
      fecCor: labelled('-e', 'FEC Correctable Errors'),
      fecUnc: labelled('-e', 'FEC Uncorrectable Errors'),
      txErr: labelled('-e', 'TX Packet Errors'),
      rxErr: labelled('-e', 'RX Packet Errors'),
      remote: remember(farEnds, `${uuid}/${id}`, remoteOf(lines('-r')[0] ?? '')),
    };
  });
}

const NOT_SUPPORTED = { ok: false, code: DriverCode.NOT_SUPPORTED } as const;

/** A link that is not active carries nothing, and that is known. */
function stateOf(text: string, at: Instant): Pick<IcnLink, 'state' | 'gigabytesPerSec'> {
  if (text === '<inactive>') return { state: 'inactive', gigabytesPerSec: { ok: true, value: 0, at } };
  if (text === '<sleep>') return { state: 'sleep', gigabytesPerSec: { ok: true, value: 0, at } };
  if (!/^\d+(\.\d+)? GB\/s$/.test(text)) throw unreadable('icn -s');
  return { state: 'active', gigabytesPerSec: readNumber(text, ' GB/s', at) };
}

/** A number in the unit that its report must have; another unit is no number. */
function readNumber(text: string, unit: string, at: Instant): NumberReading {
  const [, digits, printed] = /^(\d+(?:\.\d+)?)(.*)$/.exec(text) ?? [];
  if (digits !== undefined && printed === unit) return { ok: true, value: Number(digits), at };
  return { ok: false, code: codeOfText(text) ?? DriverCode.UNKNOWN };
}

function remoteOf(text: string): IcnLink['remote'] {
  if (/switch/i.test(text)) return { kind: 'switch' };
  const [, bus = '', link] = /^Remote Device ([0-9a-fA-F:.]+)(?:: Link (\d+))?$/.exec(text) ?? [];
  const pciBusId = normalisePciBusId(bus);
  if (pciBusId === null) return { kind: 'unknown' };
  return link === undefined ? { kind: 'ppu', pciBusId } : { kind: 'ppu', pciBusId, link: Number(link) };
}

function remember(farEnds: FarEnds, key: string, remote: IcnLink['remote']): IcnLink['remote'] {
  if (remote.kind === 'unknown') return farEnds.get(key) ?? remote;
  farEnds.set(key, remote);
  return remote;
}
