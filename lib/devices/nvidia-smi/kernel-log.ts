import { type Instant, instant } from '#lib/core/instant.ts';
import { normalisePciBusId } from '../pci.ts';
import { DriverCode, DriverError, type RecoveryAction } from '../types.ts';

/** systemd's mark of an entry that says how many messages of the kernel its journal missed. */
const MISSED_MESSAGE_ID = 'e9bf28e6e834481bb6f48f548ad13606';
/** The kernel's messages of this boot, and the journal's own confession that it missed some. */
const KERNEL = ['-b', '-o', 'json', '-n', '1', '_TRANSPORT=kernel', '+', `MESSAGE_ID=${MISSED_MESSAGE_ID}`];

/** Begins with the newest entry, which proves that the follower is live, and goes on with every later one. */
export const FOLLOW_ARGS: readonly string[] = ['-f', ...KERNEL];
/** The newest entry alone. */
export const TAIL_ARGS: readonly string[] = KERNEL;
/** Returns when every message written before the call is in the journal. */
export const SYNC_ARGS: readonly string[] = ['--sync'];

export type JournalEntry = {
  /** Where the entry stands; equal for two readers. */
  readonly cursor: string;
  /** By the clock of the host. */
  readonly at: Instant;
  readonly message: string;
  /** How many messages of the kernel are missing here; 0 for an ordinary entry. */
  readonly missed: number;
};

/** One line of `-o json`. Throws `UNKNOWN` for anything else: a line cut short could have been an XID. */
export function parseJournalEntry(line: string): JournalEntry {
  const fields = parseObject(line);
  const cursor = fields['__CURSOR'];
  const stamp = fields['__REALTIME_TIMESTAMP'];
  const message = textOf(fields['MESSAGE']);
  const isWhole = typeof cursor === 'string' && typeof stamp === 'string' && /^\d{13,17}$/.test(stamp);
  if (!isWhole || message === null) throw new DriverError(DriverCode.UNKNOWN, 'journal');
  const missed = fields['MESSAGE_ID'] === MISSED_MESSAGE_ID ? Number(/\d+/.exec(message)?.[0] ?? 1) : 0;
  return { cursor, at: instant(Math.floor(Number(stamp) / 1_000)), message, missed };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null) return Object.fromEntries(Object.entries(parsed));
  } catch {
    // What is no JSON is no entry either.
  }
  throw new DriverError(DriverCode.UNKNOWN, 'journal');
}

/** A message that is not UTF-8 comes as a list of bytes, an overlong one as null. */
function textOf(message: unknown): string | null {
  if (typeof message === 'string') return message;
  if (message === null || message === undefined) return '';
  const isBytes = Array.isArray(message) && message.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
  return isBytes ? Buffer.from(message).toString('latin1') : null;
}

export type XidLine = {
  readonly busId: string;
  readonly code: number;
  /** The GPU instance, when the card is partitioned. */
  readonly instance: number | null;
  /** What XID 154 says that the driver now asks for. */
  readonly action: RecoveryAction | null;
};

const XID =
  /^NVRM: Xid \((?:PCI:)?([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2})(?:\.[0-7])?(?: GPU-I:(\d+))?\): (\d+)(?:,|$)/i;
const CHANGED = /recovery action changed from 0x[0-9a-f]+ .*? to 0x([0-9a-f]+)/i;
/** By the management library's numbers, which the line repeats; the words behind them differ between versions. */
const ACTIONS: readonly RecoveryAction[] = ['none', 'device_reset', 'node_reboot', 'drain_p2p', 'drain_and_reset'];

/** What a message of the kernel says of an XID; null for any other message. */
export function parseXidLine(message: string): XidLine | null {
  const match = XID.exec(message);
  const busId = normalisePciBusId(`${match?.[1] ?? ''}.0`);
  if (!match || busId === null) return null;
  const changedTo = CHANGED.exec(message)?.[1];
  return {
    busId,
    code: Number(match[3]),
    instance: match[2] === undefined ? null : Number(match[2]),
    action: changedTo === undefined ? null : (ACTIONS[Number.parseInt(changedTo, 16)] ?? null),
  };
}
