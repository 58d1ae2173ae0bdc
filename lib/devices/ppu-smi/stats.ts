import type { Instant } from '#lib/core/instant.ts';
import { out, type ToolRun } from '../tool/program.ts';
import { type DeviceEvent, type DeviceEventType, DriverCode, DriverError, type SampleField } from '../types.ts';
import { countOption, parseOptions, UsageError } from './arguments.ts';
import { sampleCard, selectCards, type Session, type ToolCard } from './session.ts';

const SAMPLE_EVERY_MS = 1_000;
const METRIC_WIDTH = 8;

/** What is sampled each second, in the unit of the tool: whole watts, °C, %, MHz. */
const SAMPLES: Readonly<Record<string, { readonly field: SampleField; readonly per: number }>> = {
  pwrDraw: { field: 'powerMw', per: 1_000 },
  temp: { field: 'tempC', per: 1 },
  ppuUtil: { field: 'utilPct', per: 1 },
  memUtil: { field: 'memUtilPct', per: 1 },
  memClk: { field: 'memClockMhz', per: 1 },
  procClk: { field: 'cuClockMhz', per: 1 },
};

/** Which event of the driver each event metric stands for. */
const EVENTS: Readonly<Record<string, DeviceEventType>> = {
  xidEvent: 'xid',
  sbEcc: 'ecc',
  dbEcc: 'ecc',
  pState: 'pstate',
  clkChg: 'clock',
  pwrChg: 'power',
  migChg: 'partition',
};

/**
 * How long a power or a heat limit held a card back, in ns. They may be asked for and have no lines: the vendor's library
 * answers "not supported" for throttled time, and a sample that a card does not have is left out.
 */
const WITHOUT_SAMPLES = ['violPwr', 'violThm'];

/** `stats -d …`: events at once, samples each second, no header; runs until it is ended, or for `-c` rounds. */
export async function* stats(session: Session, args: readonly string[]): ToolRun {
  const options = parseOptions(args, { '-d': ['value', '--display'], '-i': ['value', '--id'], '-c': ['value'] });
  const metrics = metricsOf(options.get('-d'));
  const ids = options.get('-i');
  const rounds = countOption(options, '-c') ?? Number.POSITIVE_INFINITY;
  const types = metrics.flatMap((metric) => EVENTS[metric] ?? []);
  const stream = session.driver.events([...new Set(types), 'driver', 'overflow'], session.signal);
  const events = stream[Symbol.asyncIterator]();
  const index = new CardNumbers(session, ids);
  let asked = events.next();
  for (let round = 1; ; round += 1) {
    const at = stream.completeTo;
    // What happened up to this round stands before it, so that a round says how far the events are complete.
    while (stream.pending > 0) {
      const { done, value } = await asked;
      if (done) return 0;
      yield* eventLines(value, metrics, index);
      asked = events.next();
    }
    yield* sampleLines(session, await index.refresh(), metrics, at);
    if (round >= rounds) return 0;
    const tick = session.host.wait(SAMPLE_EVERY_MS, session.signal).then(() => null);
    for (let next = await Promise.race([asked, tick]); next !== null; next = await Promise.race([asked, tick])) {
      if (next.done) return 0;
      yield* eventLines(next.value, metrics, index);
      asked = events.next();
    }
    if (session.signal.aborted) return 0;
  }
}

function metricsOf(asked: string | undefined): string[] {
  const known = [...Object.keys(SAMPLES), ...Object.keys(EVENTS), ...WITHOUT_SAMPLES];
  const metrics = (asked ?? known.join(',')).split(',').map((name) => name.trim());
  const wrong = metrics.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new UsageError(`"${wrong}" is not a valid metric.`);
  return metrics;
}

/** The numbers of cards during a run. A lost card keeps the one that it had, for the news of its loss. */
class CardNumbers {
  readonly #session: Session;
  readonly #ids: string | undefined;
  readonly #numbers = new Map<string, number>();

  constructor(session: Session, ids: string | undefined) {
    this.#session = session;
    this.#ids = ids;
  }

  async refresh(): Promise<ToolCard[]> {
    const cards = await selectCards(this.#session, this.#ids);
    for (const { uuid, info } of cards) if (info.ok) this.#numbers.set(uuid, info.value.index);
    return cards;
  }

  async of(uuid: string): Promise<number | null> {
    if (!this.#numbers.has(uuid)) await this.refresh();
    return this.#numbers.get(uuid) ?? null;
  }
}

async function* eventLines(
  event: DeviceEvent,
  metrics: readonly string[],
  numbers: CardNumbers,
): AsyncGenerator<ReturnType<typeof out>> {
  if (event.type === 'driver') throw new DriverError(DriverCode.DRIVER_NOT_LOADED, 'stats');
  if (event.type === 'overflow' || event.uuid === null) throw new DriverError(DriverCode.UNKNOWN, 'stats');
  const number = await numbers.of(event.uuid);
  const metric = metrics.find((name) => EVENTS[name] === event.type && isSameEcc(name, event));
  if (number === null || metric === undefined) return;
  yield out(lineText(number, metric, event.at, event.type === 'xid' ? event.code : 0));
}

function isSameEcc(metric: string, event: DeviceEvent): boolean {
  return event.type !== 'ecc' || (metric === 'sbEcc') === (event.bits === 1);
}

async function* sampleLines(
  session: Session,
  cards: readonly ToolCard[],
  metrics: readonly string[],
  at: Instant,
): AsyncGenerator<ReturnType<typeof out>> {
  for (const card of cards) {
    if (!card.info.ok) continue;
    const { index } = card.info.value;
    const sample = await sampleCard(session, card);
    const lines = metrics.flatMap((metric) => {
      const shown = SAMPLES[metric];
      const reading = shown ? sample[shown.field] : null;
      return shown && reading?.ok ? [lineText(index, metric, at, Math.round(reading.value / shown.per))] : [];
    });
    if (lines.length > 0) yield out(lines.join(''));
  }
}

/** `0, pwrDraw , 1662606252543916, 45`: epoch microseconds, the metric padded. */
function lineText(index: number, metric: string, at: Instant, value: number): string {
  return `${index}, ${metric.padEnd(METRIC_WIDTH)}, ${at * 1_000}, ${value}\n`;
}
