import type { Instant } from '#lib/core/instant.ts';
import type { ToolRunOptions } from '../tool/command.ts';
import { parseToolCsv, toolCsvHeader } from '../tool/csv.ts';
import { MIB } from '../card-profile.ts';
import {
  type Attempt,
  type DeviceProcess,
  DriverCode,
  DriverError,
  type IcnLink,
  type NumberReading,
  type SampleField,
} from '../types.ts';
import { CardReads } from './card-reads.ts';
import type { CardRow, CardTable } from './card-table.ts';
import { COLUMNS_OF_FIELD, type ColumnName, readCell, readField } from './columns.ts';
import { type PpuSmiConnection, TIMEOUT_MS } from './connection.ts';
import { type FarEnds, type LinkLines, type LinkReport, linksOf, OTHER_LINK_REPORTS, parseLinkLines } from './links.ts';
import { type CardReport, parseReport, uuidOf } from './report.ts';
import { readTool, unreadable } from './tool-text.ts';

/** Something read of a card, and when its reading began. */
type Dated<T> = { readonly value: T; readonly at: Instant };

const UUID_SPELLINGS = ['uuid', 'ppu_uuid', 'gpu_uuid'];

/** What changes about the cards of a server. Nothing is kept: every answer is read after it was asked for. */
export class CardReadings {
  readonly #connection: PpuSmiConnection;
  readonly #rows: CardReads<readonly ColumnName[], Dated<CardRow>>;
  readonly #remaps: CardReads<null, Dated<string | null>>;
  readonly #reports: CardReads<null, Dated<CardReport>>;
  readonly #links: CardReads<null, readonly IcnLink[]>;
  readonly #processes: CardReads<string, readonly DeviceProcess[]>;
  readonly #farEnds: FarEnds = new Map();

  constructor(connection: PpuSmiConnection, table: CardTable) {
    this.#connection = connection;
    this.#rows = new CardReads(async (asks, id) => {
      const at = connection.now();
      const rows = await table.read([...new Set(asks.flat())], id, this.#options);
      return new Map(rows.map((row) => [row.uuid, { value: row, at }]));
    });
    this.#remaps = new CardReads((_, id) => this.#readRemaps(id));
    this.#reports = new CardReads((_, id) => this.#readReports(id));
    this.#links = new CardReads((_, id) => this.#readLinks(id));
    this.#processes = new CardReads((uuids, id) => this.#readProcesses(uuids, id));
  }

  /** Fields of a card. What the card itself cannot answer stands in the readings as its code. */
  async sample(uuid: string, fields: readonly SampleField[]): Promise<(readonly [SampleField, NumberReading])[]> {
    const columns = fields.flatMap((field) => COLUMNS_OF_FIELD[field]);
    const [row, remap] = await Promise.all([
      attemptCard(this.#rows.read(uuid, columns)),
      fields.includes('remapPending') ? attemptCard(this.#remaps.read(uuid, null)) : null,
    ]);
    return fields.map((field) => {
      if (!row.ok) return [field, row];
      if (field === 'remapPending' && remap) return [field, remap.ok ? remapReading(remap.value) : remap];
      return [field, readField(field, row.value.value.cellOf, row.value.at)];
    });
  }

  /** The report of `-q` on a card. */
  report(uuid: string): Promise<Dated<CardReport>> {
    return this.#reports.read(uuid, null);
  }

  links(uuid: string): Promise<readonly IcnLink[]> {
    return this.#links.read(uuid, null);
  }

  /** Processes of a card that is listed; the table of processes cannot tell an idle card from one that is not there. */
  processes(uuid: string): Promise<readonly DeviceProcess[]> {
    return this.#processes.read(uuid, uuid);
  }

  async #readReports(id: string | null): Promise<Map<string, Dated<CardReport>>> {
    const at = this.#connection.now();
    const { cards } = await readTool(this.#connection.ppuSmi, ['-q', ...only(id)], this.#options, parseReport);
    return new Map(cards.flatMap((card) => [[uuidOf(card) ?? '', { value: card, at }]]));
  }

  async #readRemaps(id: string | null): Promise<Map<string, Dated<string | null>>> {
    const at = this.#connection.now();
    const args = ['--query-remapped-rows=ppu_uuid,remapped_rows.pending', '--format=csv', ...only(id)];
    const cells = readTool(this.#connection.ppuSmi, args, this.#options, (text) => {
      const uuid = uuidColumn(text);
      return parseToolCsv(text, [uuid, 'remapped_rows.pending']).map(
        (row) => [row.get(uuid) ?? '', row.get('remapped_rows.pending') ?? null] as const,
      );
    });
    const rows = await cells.catch(absentIfUnsupported);
    if (rows === null) throw new DriverError(DriverCode.NOT_SUPPORTED, '--query-remapped-rows');
    return new Map(rows.map(([uuid, value]) => [uuid, { value, at }]));
  }

  async #readLinks(id: string | null): Promise<Map<string, readonly IcnLink[]>> {
    const at = this.#connection.now();
    const ask = (name: LinkReport): Promise<LinkLines> =>
      readTool(this.#connection.ppuSmi, ['icn', ...name.split(' '), ...only(id)], this.#options, parseLinkLines);
    const [states, ...others] = await Promise.all([
      ask('-s'),
      ...OTHER_LINK_REPORTS.map(async (name) => [name, await ask(name).catch(absentIfUnsupported)] as const),
    ]);
    return new Map([...states.keys()].map((uuid) => [uuid, linksOf(uuid, states, new Map(others), this.#farEnds, at)]));
  }

  async #readProcesses(uuids: readonly string[], id: string | null): Promise<Map<string, readonly DeviceProcess[]>> {
    const at = this.#connection.now();
    const args = ['--query-compute-apps=ppu_uuid,pid,used_memory,process_name', '--format=csv', ...only(id)];
    const rows = await readTool(this.#connection.ppuSmi, args, this.#options, (text) => {
      const uuid = uuidColumn(text);
      return parseToolCsv(text, [uuid, 'pid', 'used_memory', 'process_name']).map((row) => {
        const pid = row.get('pid') ?? '';
        if (!/^\d{1,9}$/.test(pid)) throw unreadable('pid');
        const used = readCell({ spellings: [], unit: 'MiB', scale: MIB }, row.get('used_memory'));
        const usedBytes: NumberReading = used.ok ? { ...used, at } : used;
        return {
          uuid: row.get(uuid) ?? '',
          process: { pid: Number(pid), name: row.get('process_name') ?? null, usedBytes },
        };
      });
    });
    const byCard = Map.groupBy(rows, ({ uuid }) => uuid);
    return new Map(uuids.map((uuid) => [uuid, (byCard.get(uuid) ?? []).map(({ process }) => process)]));
  }

  get #options(): ToolRunOptions {
    return { timeoutMs: this.#connection.timeoutMs ?? TIMEOUT_MS };
  }
}

/** A build that does not know a report or a column refuses it as an argument. */
function absentIfUnsupported(error: unknown): null {
  const isAbsent =
    error instanceof DriverError &&
    (error.code === DriverCode.NOT_SUPPORTED || error.code === DriverCode.INVALID_ARGUMENT);
  if (isAbsent) return null;
  throw error;
}

function only(id: string | null): string[] {
  return id === null ? [] : ['-i', id];
}

function uuidColumn(text: string): string {
  const found = UUID_SPELLINGS.find((spelling) => toolCsvHeader(text).includes(spelling));
  if (found === undefined) throw unreadable('uuid');
  return found;
}

function remapReading({ value, at }: Dated<string | null>): NumberReading {
  if (value === null) return { ok: false, code: DriverCode.NOT_SUPPORTED };
  if (value === 'Yes' || value === 'No') return { ok: true, value: value === 'Yes' ? 1 : 0, at };
  const cell = readCell({ spellings: [], unit: '', scale: 1 }, value);
  return cell.ok ? { ...cell, at } : cell;
}

/** Codes that speak of one card and stand in its readings; any other failure is one of the call. */
const CARD_CODES: ReadonlySet<DriverCode> = new Set([
  DriverCode.DEVICE_LOST,
  DriverCode.RESET_REQUIRED,
  DriverCode.NOT_SUPPORTED,
]);

/** Turns the failure of a card into a reading; a failure of the call still rejects. */
export async function attemptCard<T>(call: Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (error instanceof DriverError && CARD_CODES.has(error.code)) return { ok: false, code: error.code };
    throw error;
  }
}
