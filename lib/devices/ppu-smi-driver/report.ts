import type { Instant } from '#lib/core/instant.ts';
import { normalisePciBusId } from '../pci.ts';
import { codeOfText } from '../tool/error-text.ts';
import { DriverCode, type Fabric, type Reading, type RecoveryAction } from '../types.ts';
import { unreadable } from './tool-text.ts';

/** What a report says of one card: values by path, such as `Fabric/State`. */
export type CardReport = ReadonlyMap<string, string>;
export type Report = { readonly head: CardReport; readonly cards: readonly CardReport[] };

const TITLE = /-SMI LOG=/;
const CARD = /^[PG]PU ([0-9a-fA-F:.]+)$/;
const VALUE = /^( *)(.*?\S) *: (.*)$/;
const HEADING = /^( *)(\S.*)$/;

/** Reads `-q`. Throws `UNKNOWN` when it is no report, or fewer cards are in it than it says. */
export function parseReport(text: string): Report {
  const head = new Map<string, string>();
  const cards: Map<string, string>[] = [];
  const path: { readonly indent: number; readonly label: string }[] = [];
  if (!TITLE.test(text)) throw unreadable('-q');
  for (const line of text.split(/\r?\n/)) {
    if (CARD.test(line) && normalisePciBusId(CARD.exec(line)?.[1] ?? '') !== null) {
      cards.push(new Map());
      path.length = 0;
      continue;
    }
    const value = VALUE.exec(line);
    const [, spaces = '', label = '', content] = value ?? HEADING.exec(line) ?? [];
    if (label === '') continue;
    while ((path.at(-1)?.indent ?? -1) >= spaces.length) path.pop();
    const key = [...path.map((part) => part.label), label].join('/');
    if (content === undefined) path.push({ indent: spaces.length, label });
    else (cards.at(-1) ?? head).set(key, content.trim());
  }
  const attached = head.get('Attached PPUs') ?? head.get('Attached GPUs');
  if (attached !== String(cards.length) || !text.endsWith('\n')) throw unreadable('-q');
  return { head, cards };
}

/** The card that a report is about; null when this build does not say, or it was broken off before it. */
export function uuidOf(report: CardReport): string | null {
  return report.get('PPU UUID') ?? report.get('GPU UUID') ?? null;
}

/** A whole number of a report; null for what is not supported. Throws `UNKNOWN` for what is missing or no number. */
export function wholeNumber(report: CardReport, key: string): number | null {
  const text = report.get(key);
  if (text === 'N/A') return null;
  if (text === undefined || !/^\d{1,9}$/.test(text)) throw unreadable(key);
  return Number(text);
}

/** By the words of the manual and by the numbers of the management library; the vendor says PPU, older builds GPU. */
const ACTIONS: Readonly<Record<string, RecoveryAction>> = {
  none: 'none',
  '0': 'none',
  reset: 'device_reset',
  '1': 'device_reset',
  reboot: 'node_reboot',
  'node reboot': 'node_reboot',
  '2': 'node_reboot',
  'drain p2p': 'drain_p2p',
  '3': 'drain_p2p',
  'drain and reset': 'drain_and_reset',
  '4': 'drain_and_reset',
  'cold reboot': 'cold_reboot',
  '20': 'cold_reboot',
};

/** What the driver asks for. An action that the table does not know, such as 5, is unknown, never "none". */
export function recoveryOf(report: CardReport, at: Instant): Reading<RecoveryAction> {
  const text = report.get('PPU Recovery Action') ?? report.get('GPU Recovery Action');
  if (text === undefined) return { ok: false, code: DriverCode.UNKNOWN };
  const value = ACTIONS[text.toLowerCase().replace(/^(ppu|gpu|device) /, '')];
  return value === undefined ? failure(text) : { ok: true, value, at };
}

const FABRIC_STATES: Readonly<Record<string, Fabric['state']>> = {
  'not started': 'not_started',
  'in progress': 'in_progress',
  completed: 'completed',
};
const FABRIC_HEALTHS: Readonly<Record<string, Fabric['health']>> = {
  healthy: 'healthy',
  unhealthy: 'unhealthy',
  'limited capacity': 'limited_capacity',
};

/** The fabric that a card belongs to. Older builds have no summary of its health: their status must do. */
export function fabricOf(report: CardReport, at: Instant): Reading<Fabric> {
  const text = (key: string): string => report.get(`Fabric/${key}`) ?? '';
  if (text('State') === '') return { ok: false, code: DriverCode.NOT_SUPPORTED };
  const state = FABRIC_STATES[text('State').toLowerCase()];
  if (state === undefined) return failure(text('State'));
  const summary = text('Health/Summary');
  const health = summary === '' && text('Status') === 'Success' ? 'healthy' : FABRIC_HEALTHS[summary.toLowerCase()];
  const clusterUuid = text('ClusterUUID');
  const isWhole = health !== undefined && /^[0-9a-f-]{36}$/i.test(clusterUuid) && /^\d+$/.test(text('CliqueId'));
  if (!isWhole) return { ok: false, code: DriverCode.UNKNOWN };
  return { ok: true, at, value: { clusterUuid, cliqueId: Number(text('CliqueId')), state, health } };
}

function failure(text: string): { readonly ok: false; readonly code: DriverCode } {
  return { ok: false, code: codeOfText(text) ?? DriverCode.UNKNOWN };
}
