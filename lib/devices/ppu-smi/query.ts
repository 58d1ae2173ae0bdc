import { type Attempt, type DeviceProcess, DriverCode, DriverError } from '../types.ts';
import { UsageError, type Options } from './arguments.ts';
import { busText, mapTold, mebibytesText, timestampText, toldOr } from './format.ts';
import { CARD_KEYS, type CardFacts, type QueryKey } from './query-keys.ts';
import { sampleCard, selectCards, type Session, type ToolCard } from './session.ts';
import { findKeys, keysText, parseFormat, tableText } from './table.ts';

type ProcessFacts = { readonly card: ToolCard; readonly at: string; readonly process: DeviceProcess };
type PageFacts = { readonly card: ToolCard; readonly at: string };

const UNSUPPORTED = { ok: false, code: DriverCode.NOT_SUPPORTED } as const;

/** The columns that every table with rows of cards has. */
function cardColumns<Facts extends { readonly card: ToolCard; readonly at: string }>(): QueryKey<Facts>[] {
  const column = (key: string, aliases: readonly string[], tell: (facts: Facts) => Attempt<string>) => ({
    key,
    aliases,
    unit: null,
    explains: 'As in --query-ppu.',
    tell,
  });
  return [
    column('timestamp', [], ({ at }) => toldOr(at)),
    column('name', ['ppu_name', 'gpu_name'], ({ card }) => mapTold(card.info, (info) => info.model)),
    column('uuid', ['ppu_uuid', 'gpu_uuid'], ({ card }) => toldOr(card.uuid)),
    column('pci.bus_id', ['bus_id', 'ppu_bus_id', 'gpu_bus_id'], ({ card }) => toldOr(busText(card.pciBusId))),
  ];
}

function column<Facts>(
  key: string,
  explains: string,
  tell: (facts: Facts) => Attempt<string>,
  unit: string | null = null,
): QueryKey<Facts> {
  return { key, aliases: [], unit, explains, tell };
}

const PROCESS_KEYS: readonly QueryKey<ProcessFacts>[] = [
  ...cardColumns<ProcessFacts>(),
  column('pid', 'The process.', ({ process }) => toldOr(String(process.pid))),
  column('process_name', 'Its name.', ({ process }) => toldOr(process.name)),
  column('used_memory', 'What it holds.', ({ process }) => mapTold(process.usedBytes, mebibytesText), 'MiB'),
];

const PAGE_KEYS: readonly QueryKey<PageFacts>[] = [
  ...cardColumns<PageFacts>(),
  column('retired_pages.address', 'Where the page lies.', () => UNSUPPORTED),
  column('retired_pages.timestamp', 'When it was retired, in epoch seconds.', () => UNSUPPORTED),
  column('retired_pages.cause', 'Why.', () => toldOr('Double Bit ECC')),
];

const ROW_KEYS: readonly QueryKey<CardFacts>[] = [
  ...CARD_KEYS.filter(({ key }) => ['timestamp', 'name', 'uuid', 'pci.bus_id'].includes(key)),
  column('remapped_rows.correctable', 'Rows remapped after correctable errors.', () => UNSUPPORTED),
  column('remapped_rows.uncorrectable', 'Rows remapped after uncorrectable errors.', () => UNSUPPORTED),
  column('remapped_rows.pending', '1 when a remapping waits for a reset.', ({ sample }) =>
    mapTold(sample.remapPending, String),
  ),
  column('remapped_rows.failure', '1 when a remapping failed.', () => UNSUPPORTED),
  ...['max', 'high', 'partial', 'low', 'none'].map((level) =>
    column<CardFacts>(`remap_availability.bank_histogram.${level}`, 'Banks by what is left.', () => UNSUPPORTED),
  ),
];

const CLOCK_KEYS: readonly QueryKey<PageFacts>[] = [
  ...cardColumns<PageFacts>(),
  column('memory', 'Supported memory clock.', () => UNSUPPORTED, 'MHz'),
  column('cu', 'Supported CU clock at that memory clock.', () => UNSUPPORTED, 'MHz'),
];

/** The tables by their option, and what prints each. */
export const QUERIES = {
  '--query-ppu': queryCards(CARD_KEYS),
  '--query-compute-apps': queryRows(PROCESS_KEYS, processRows),
  '--query-retired-pages': queryRows(PAGE_KEYS, pageRows),
  '--query-remapped-rows': queryCards(ROW_KEYS),
  '--query-supported-clocks': queryRows(CLOCK_KEYS, async (_session, cards, at) => cards.map((card) => ({ card, at }))),
} as const satisfies Record<string, Query>;

type Query = {
  readonly help: string;
  /** The table's text. Throws `UsageError`; rejects with a `DriverError` when the driver does not answer. */
  readonly run: (session: Session, asked: string, options: Options) => Promise<string>;
};

function queryCards(keys: readonly QueryKey<CardFacts>[]): Query {
  return queryRows(keys, async (session, cards) => {
    const [{ driver: driverVersion }, listed] = await Promise.all([session.driver.system(), session.driver.list()]);
    const at = session.host.now();
    return Promise.all(
      cards.map(async (card) => ({
        card,
        at,
        count: listed.length,
        driverVersion,
        sample: await sampleCard(session, card),
      })),
    );
  });
}

function queryRows<Facts>(
  keys: readonly QueryKey<Facts>[],
  rowsOf: (session: Session, cards: readonly ToolCard[], at: string) => Promise<readonly Facts[]>,
): Query {
  return {
    help: keysText(keys),
    run: async (session, asked, options) => {
      const columns = findKeys(keys, asked);
      const format = parseFormat(options.get('--format'));
      const cards = await selectCards(session, options.get('-i'));
      return tableText(columns, await rowsOf(session, cards, timestampText(session.host.now())), format);
    },
  };
}

async function processRows({ driver }: Session, cards: readonly ToolCard[], at: string): Promise<ProcessFacts[]> {
  const rows = await Promise.all(
    cards.map(async (card) => (await driver.processes({ uuid: card.uuid })).map((process) => ({ card, at, process }))),
  );
  return rows.flat();
}

async function pageRows(session: Session, cards: readonly ToolCard[], at: string): Promise<PageFacts[]> {
  const rows = await Promise.all(
    cards.map(async (card) => {
      const { pagesRetired } = await sampleCard(session, card);
      if (!pagesRetired.ok) throw new DriverError(pagesRetired.code, 'retired pages', card.uuid);
      return Array.from({ length: pagesRetired.value }, () => ({ card, at }));
    }),
  );
  return rows.flat();
}

/** The option of a query that was given, in either of its spellings; null when none was. */
export function queryOf(options: Options): { readonly query: Query; readonly asked: string } | null {
  for (const [name, query] of Object.entries(QUERIES)) {
    const asked = options.get(name);
    if (asked === undefined) continue;
    if (asked === '') throw new UsageError(`"${name}" needs at least one field. Please run 'ppu-smi -h'.`);
    return { query, asked };
  }
  return null;
}
