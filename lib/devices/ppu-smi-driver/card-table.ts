import type { ToolCommand, ToolRunOptions } from '../tool/command.ts';
import { parseToolCsv, toolCsvHeader } from '../tool/csv.ts';
import { type Cell, type Column, COLUMNS, type ColumnName } from './columns.ts';
import { readResult, unreadable } from './tool-text.ts';

/** The row of a card: what stands in a column, by our name for it. */
export type CardRow = { readonly uuid: string; readonly cellOf: (column: ColumnName) => Cell };

const REFUSED_FIELD = /Field "([^"]+)" is not a valid field/i;
const REFUSED_OPTION =
  /--query-ppu.*(not recognized|unknown|unrecognized|invalid)|(unknown|unrecognized|invalid) .*--query-ppu/i;

/**
 * `--query-ppu` of a build that is not known: where the tool refuses a name it is asked again by the next one, and what
 * it knows under no name is left out. What was learned is kept, since a build does not change while it runs.
 */
export class CardTable {
  readonly #tool: ToolCommand;
  readonly #spellings = new Map<ColumnName, number>();
  #option: '--query-ppu' | '--query-gpu' = '--query-ppu';

  constructor(tool: ToolCommand) {
    this.#tool = tool;
  }

  /** Rows of the card that `id` names, or of all that are listed. Rejects `UNKNOWN` when some row is missing. */
  async read(columns: readonly ColumnName[], id: string | null, options: ToolRunOptions): Promise<CardRow[]> {
    const wanted = [...new Set<ColumnName>(['count', 'uuid', ...columns])];
    const triesMax = 2 + wanted.reduce((sum, column) => sum + COLUMNS[column].spellings.length, 0);
    for (let i = 0; i < triesMax; i += 1) {
      const asked = wanted.filter((column) => this.#spellingOf(column) !== undefined);
      const names = asked.map((column) => this.#spellingOf(column));
      const args = [`${this.#option}=${names.join(',')}`, '--format=csv', ...(id === null ? [] : ['-i', id])];
      const result = await this.#tool.run(args, options);
      if (this.#learn(`${result.stdout}\n${result.stderr}`, asked)) continue;
      return readResult(this.#option, result, (text) => parseRows(text, asked, id));
    }
    throw unreadable(this.#option);
  }

  #spellingOf(column: ColumnName): string | undefined {
    return COLUMNS[column].spellings[this.#spellings.get(column) ?? 0];
  }

  /** True when the tool refused a name or the option, and there is something else to try. */
  #learn(text: string, asked: readonly ColumnName[]): boolean {
    const refused = REFUSED_FIELD.exec(text)?.[1];
    const column = asked.find((name) => this.#spellingOf(name) === refused);
    if (refused !== undefined && column !== undefined) {
      this.#spellings.set(column, (this.#spellings.get(column) ?? 0) + 1);
      return true;
    }
    if (this.#option === '--query-gpu' || !REFUSED_OPTION.test(text)) return false;
    this.#option = '--query-gpu';
    return true;
  }
}

function parseRows(text: string, asked: readonly ColumnName[], id: string | null): CardRow[] {
  const header = toolCsvHeader(text);
  // The header has canonical names, which need not be the ones asked for.
  const printed = new Map(
    asked.map((column) => {
      const { spellings }: Column = COLUMNS[column];
      return [column, spellings.find((spelling) => header.includes(spelling)) ?? ''] as const;
    }),
  );
  const rows = parseToolCsv(text, [...printed.values()]).map((cells) => {
    const cellOf = (column: ColumnName): Cell => cells.get(printed.get(column) ?? '');
    const uuid = cellOf('uuid');
    if (typeof uuid !== 'string' || uuid.startsWith('[')) throw unreadable('uuid');
    return { uuid, cellOf };
  });
  const count = rows[0]?.cellOf('count');
  // An answer broken off between two rows is known by the count that each row carries.
  const isWhole =
    id === null ? rows.length > 0 && (count ?? String(rows.length)) === String(rows.length) : rows.length === 1;
  if (!isWhole) throw unreadable('count');
  return rows;
}
