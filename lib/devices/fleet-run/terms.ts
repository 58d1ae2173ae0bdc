import { parseArgs } from 'node:util';
import { ASSUMED_RATES, type FaultRates, LLAMA3_RATES } from '../fault-rates.ts';
import { CARD_PROFILES } from '../profiles.ts';

const RATES = { llama3: LLAMA3_RATES, assumed: ASSUMED_RATES, none: null } as const satisfies Record<
  string,
  FaultRates | null
>;
export type RatesName = keyof typeof RATES;

/** What a run of the fleet is asked for. */
export type FleetTerms = {
  readonly cards: number;
  readonly days: number;
  readonly seed: number;
  readonly modelId: string;
  readonly rates: RatesName;
  /** Where the layer is to be read from. */
  readonly layerFile: string | null;
  readonly isJson: boolean;
};

/** Arguments that cannot be used, in one sentence. */
export class TermsError extends Error {
  override readonly name = 'TermsError';
}

const CARDS_MAX = 100_000;
const DAYS_MAX = 3_650;
const SEED_MAX = 2 ** 32 - 1;

/** The rates that go by a name; null: nothing breaks by itself. */
export function ratesOf(name: RatesName): FaultRates | null {
  return RATES[name];
}

/** Reads the arguments of `npm run fleet`. Throws {@link TermsError}. */
export function parseTerms(args: readonly string[]): FleetTerms {
  const values = readValues(args);
  const { rates, model } = values;
  if (!isRatesName(rates)) throw new TermsError(`--rates is one of ${Object.keys(RATES).join(', ')}, not ${rates}.`);
  if (!CARD_PROFILES.some(({ modelId }) => modelId === model)) {
    throw new TermsError(`--model is one of ${CARD_PROFILES.map(({ modelId }) => modelId).join(', ')}, not ${model}.`);
  }
  return {
    cards: wholeNumber('--cards', values.cards, 1, CARDS_MAX),
    days: wholeNumber('--days', values.days, 1, DAYS_MAX),
    seed: wholeNumber('--seed', values.seed, 0, SEED_MAX),
    modelId: model,
    rates,
    layerFile: values.layer ?? null,
    isJson: values.json,
  };
}

function readValues(args: readonly string[]) {
  try {
    const options = {
      cards: { type: 'string', default: '10000' },
      days: { type: 'string', default: '30' },
      seed: { type: 'string', default: '7' },
      model: { type: 'string', default: 'zw810e' },
      rates: { type: 'string', default: 'llama3' },
      layer: { type: 'string' },
      json: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [sentence = 'The arguments cannot be read'] = error instanceof Error ? error.message.split(/\. |\n/) : [];
    throw new TermsError(`${sentence.replace(/\.$/, '')}.`);
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new TermsError(`${option} is a whole number from ${min} to ${max}, not ${text}.`);
}

function isRatesName(text: string): text is RatesName {
  return Object.hasOwn(RATES, text);
}
