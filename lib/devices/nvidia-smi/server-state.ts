import type { Instant } from '#lib/core/instant.ts';
import { normalisePciBusId } from '../pci.ts';
import type { ToolResult } from '../tool/command.ts';
import { type Attempt, DriverCode, DriverError, type PresenceState } from '../types.ts';
import { codeOfText, failureOf } from './failure.ts';
import { type GpuRow, parseGpuRows, parseRemapRows, REMAP_KEYS, type RemapRow } from './gpu-row.ts';
import { PCI_ARGS, type PciCard, parsePciList } from './pci-list.ts';
import { chooseKeys, type QueryKeys } from './query-keys.ts';
import type { NvidiaTools } from './tools.ts';

/** How long one run of a tool may take. A hung driver hangs the tool: then the run is given up. */
export const TOOL_TIMEOUT_MS = 15_000;

export type ListedCard = { readonly busId: string; readonly row: GpuRow; readonly remap: RemapRow | null };

/** A server as its tools showed it at one moment. */
export type ServerState = {
  /** Before the first tool was asked. */
  readonly at: Instant;
  /** The listed cards by bus, or the code with which the driver answers everything. */
  readonly cards: Attempt<ReadonlyMap<string, ListedCard>>;
  /** Every card on the bus and how it stands there, or why the bus could not be read. */
  readonly presence: Attempt<ReadonlyMap<string, PresenceState>>;
};

type Table = { readonly rows: readonly GpuRow[]; readonly unreachable: ReadonlySet<string> };

/** A card that is on the bus but out of the driver's reach spoils a whole listing, or stands in it as a sentence. */
const UNREACHABLE = /^Unable to determine the device handle for GPU\s?([0-9A-F:.]+): .*$/gim;
const SERVER_CODES: ReadonlySet<DriverCode> = new Set([DriverCode.DRIVER_NOT_LOADED, DriverCode.LIB_RM_MISMATCH]);

/** Reads what the version of the tool can be asked. */
export async function readKeys({ nvidiaSmi }: NvidiaTools): Promise<QueryKeys> {
  const help = await nvidiaSmi.run(['--help-query-gpu'], { timeoutMs: TOOL_TIMEOUT_MS });
  const code = failureOf(help);
  if (code !== null) throw new DriverError(code, 'help-query-gpu');
  return chooseKeys(help.stdout);
}

/** Reads the whole server. Rejects when the tool told nothing: timed out, cut off, or failed for no known reason. */
export async function readServerState(tools: NvidiaTools, keys: QueryKeys, at: Instant): Promise<ServerState> {
  const [bus, answer, remaps] = await Promise.all([readBus(tools), readAnswer(tools, keys, null), readRemaps(tools)]);
  const onBus = bus.ok ? bus.value : [];
  if (!answer.ok) {
    const presence = new Map(onBus.map(({ busId, answers }) => [busId, answers ? 'present' : 'lost'] as const));
    return { at, cards: answer, presence: bus.ok ? { ok: true, value: presence } : bus };
  }
  const table = await completeTable(tools, keys, answer.value, onBus);
  const lost = new Set([...table.unreachable, ...onBus.flatMap(({ busId, answers }) => (answers ? [] : [busId]))]);
  const cards = new Map<string, ListedCard>();
  for (const row of table.rows) {
    const busId = normalisePciBusId(row('busId') ?? '');
    if (busId === null) throw new DriverError(DriverCode.UNKNOWN, 'query-gpu');
    if (!lost.has(busId)) cards.set(busId, { busId, row, remap: remaps?.get(busId) ?? null });
  }
  return { at, cards: { ok: true, value: cards }, presence: await readPresence(tools, bus, cards, lost) };
}

async function readBus({ lspci }: NvidiaTools): Promise<Attempt<readonly PciCard[]>> {
  try {
    const result = await lspci.run(PCI_ARGS, { timeoutMs: TOOL_TIMEOUT_MS });
    const code = failureOf(result);
    return code === null ? { ok: true, value: parsePciList(result.stdout) } : { ok: false, code };
  } catch (error) {
    if (error instanceof DriverError) return { ok: false, code: error.code };
    throw error;
  }
}

/** One answer to the query, of all cards or of one. A failure of the server as a whole is its code. */
async function readAnswer(tools: NvidiaTools, keys: QueryKeys, busId: string | null): Promise<Attempt<Table>> {
  const which = busId === null ? [] : ['-i', busId];
  const query = [`--query-gpu=${[...keys.values()].join(',')}`, '--format=csv', ...which];
  const result = await tools.nvidiaSmi.run(query, { timeoutMs: TOOL_TIMEOUT_MS });
  const unreachable = new Set<string>();
  for (const [, text] of `${result.stdout}\n${result.stderr}`.matchAll(UNREACHABLE)) {
    const lost = normalisePciBusId(text ?? '');
    if (lost !== null) unreachable.add(lost);
  }
  const rest = result.stdout.replace(UNREACHABLE, '');
  const code = codeOfAnswer(result, unreachable.size > 0);
  if (code !== null && SERVER_CODES.has(code)) return { ok: false, code };
  if (code === DriverCode.NOT_FOUND) return { ok: true, value: { rows: [], unreachable } };
  if (code !== null) throw new DriverError(code, 'query-gpu');
  return { ok: true, value: { rows: rest.trim() === '' ? [] : parseGpuRows(rest, keys), unreachable } };
}

/** A lost card makes the run fail, and says so by the sentences that were read already. */
function codeOfAnswer(result: ToolResult, hasUnreachable: boolean): DriverCode | null {
  if (hasUnreachable) return null;
  const code = failureOf(result);
  if (code !== null || result.stdout.includes(', ')) return code;
  return codeOfText(result.stdout) ?? DriverCode.UNKNOWN;
}

/** Older versions end at the first card that they cannot reach; then the others are asked for one by one. */
async function completeTable(
  tools: NvidiaTools,
  keys: QueryKeys,
  table: Table,
  onBus: readonly PciCard[],
): Promise<Table> {
  if (table.unreachable.size === 0 || table.rows.length > 0) return table;
  const others = onBus.filter(({ busId, answers }) => answers && !table.unreachable.has(busId));
  const answers = await Promise.all(others.map(({ busId }) => readAnswer(tools, keys, busId)));
  const found = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  return {
    rows: found.flatMap(({ rows }) => rows),
    unreachable: new Set([table, ...found].flatMap(({ unreachable }) => [...unreachable])),
  };
}

/** Not every card has rows to remap, and not every version the table: without it those fields are codes. */
async function readRemaps({ nvidiaSmi }: NvidiaTools): Promise<ReadonlyMap<string, RemapRow> | null> {
  try {
    const args = [`--query-remapped-rows=${REMAP_KEYS.join(',')}`, '--format=csv'];
    const result = await nvidiaSmi.run(args, { timeoutMs: TOOL_TIMEOUT_MS });
    if (failureOf(result) !== null) return null;
    const rows = parseRemapRows(result.stdout.replace(UNREACHABLE, ''));
    return new Map([...rows].map(([busId, row]) => [normalisePciBusId(busId) ?? busId, row]));
  } catch (error) {
    if (error instanceof DriverError) return null;
    throw error;
  }
}

/**
 * A card that the driver does not list is drained when the tool says so, and lost when it cannot be reached. One that
 * answers on the bus and that the driver does not know is present there, given to another driver or never begun: that
 * the driver does not know it is what its readings say.
 */
async function readPresence(
  tools: NvidiaTools,
  bus: Attempt<readonly PciCard[]>,
  cards: ReadonlyMap<string, ListedCard>,
  lost: ReadonlySet<string>,
): Promise<Attempt<ReadonlyMap<string, PresenceState>>> {
  if (!bus.ok) return bus;
  const states = bus.value.map(async ({ busId, answers }): Promise<readonly [string, PresenceState]> => {
    if (cards.has(busId)) return [busId, 'present'];
    if (answers && (await isDraining(tools, busId))) return [busId, 'draining'];
    return [busId, lost.has(busId) ? 'lost' : 'present'];
  });
  const listed = [...cards.keys()].map((busId) => [busId, 'present'] as const);
  return { ok: true, value: new Map([...listed, ...(await Promise.all(states))]) };
}

/** Whether a card is drained. A tool that does not know the card drains it neither. */
export async function isDraining({ nvidiaSmi }: NvidiaTools, busId: string): Promise<boolean> {
  const result = await nvidiaSmi.run(['drain', '-p', toolBusId(busId), '-q'], { timeoutMs: TOOL_TIMEOUT_MS });
  const state = /drain state.*:\s*(not draining|draining)/i.exec(result.stdout)?.[1]?.toLowerCase();
  if (state === undefined && failureOf(result) === null) throw new DriverError(DriverCode.UNKNOWN, 'drain');
  return state === 'draining';
}

/** A bus id as the drain command wants it: four digits of domain. */
export function toolBusId(busId: string): string {
  return busId.replace(/^0000(?=[0-9a-f]{4}:)/, '').toUpperCase();
}
