// Decides a mixed stream of commands over a filled pool in memory: how many a second, how long one takes, what it weighs.
import { createHash } from 'node:crypto';
import { invariant, present } from '#lib/core/assert.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { decideRound, type Round } from '#lib/engine/batch.ts';
import { COMMANDS_PER_ROUND } from '#lib/engine/round-size.ts';
import { T0 } from '#lib/engine/testing.ts';
import { undoAll } from '#lib/core/undo.ts';
import { decide } from '#lib/reservations/decide.ts';
import type { Explained } from '#lib/reservations/explanation.ts';
import type { Answer, Command } from '#lib/reservations/command-types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { type Bench, readFlags, readWhole } from './command-line.ts';
import { type DecideMarket, drawCommands, type Mixture, openDecideMarket } from './decide-market.ts';
import { percentile, rounded } from './figures.ts';
import { measureAndReport, memoryInUse, type Result, resultOf, secondsOf, workedSeconds } from './measure.ts';

const SEED = 7;
/** A leader decides for as long as it leads: commands that are decided before anything is measured, so that its code is compiled. */
const WARM_UP_COMMANDS = 16_000;
/** An hourly counter over 90 days: what a booking would cost if counting cards were all of it. */
const COUNTED_HOURS = 90 * 24;

type Timed = { readonly kind: string; readonly ms: number; readonly isRoomRefusal: boolean };
type Run = {
  readonly perSecond: number;
  readonly secondsEach: number;
  /** Of the sizes 1 to 16 only. */
  readonly catalogueSecondsEach: number;
  readonly referenceSecondsEach: number;
  readonly timed: readonly Timed[];
  readonly answers: ReadonlyMap<string, number>;
  readonly digest: string;
};

/**
 * Everything that was decided and why, as one short text: equal texts mean equal decisions. Keeps bytes, not what was decided:
 * a leader lets go of a round once it is saved, and what the bench kept alive its garbage collector would go through.
 */
class Digest {
  readonly #lists: readonly Buffer[][] = [[], [], []];

  /** Adds what a round decided, applied and explained, in its order. */
  add(answers: readonly Answer[], changes: readonly Change[] = [], why: readonly Explained[] = []): void {
    for (const [i, made] of [answers, changes, why].entries()) {
      if (made.length === 0) continue;
      const text = JSON.stringify(made, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
      present(this.#lists[i], 'a list').push(Buffer.from(text.slice(1, -1)));
    }
  }

  /** As of the JSON of all answers, all changes and all explanations. */
  toString(): string {
    const hash = createHash('sha256');
    this.#lists.forEach((list, i) => {
      hash.update(i === 0 ? '[[' : ',[');
      list.forEach((bytes, j) => {
        if (j > 0) hash.update(',');
        hash.update(bytes);
      });
      hash.update(']');
    });
    return hash.update(']').digest('hex').slice(0, 16);
  }
}

/** How many commands are decided, how many wait when the clock starts, and what they ask for. */
type Stream = { readonly count: number; readonly queued: number; readonly mixture: Mixture };

/**
 * In rounds, as the engine decides. `queued` commands are drawn at once, off the clock; when they are decided, the next
 * are drawn. All is taken back.
 */
export async function decideInRounds(market: DecideMarket, { count, queued, mixture }: Stream, seed: number) {
  const { mind, wallets } = market;
  const next = mulberry32(seed);
  const commands: Command[] = [];
  const codes: string[] = [];
  const [answered, decided] = [new Digest(), new Digest()];
  const undos: (() => void)[] = [];
  let seconds = 0;
  while (commands.length < count) {
    const drawn = drawCommands(market, next, Math.min(queued, count - commands.length), commands.length, mixture);
    for (let from = 0; from < drawn.length; from += COMMANDS_PER_ROUND) {
      const waiting = drawn.slice(from, from + COMMANDS_PER_ROUND);
      let round: Round | null = null;
      seconds += await secondsOf(() => {
        round = decideRound(mind, { reports: [], commands: waiting, wallets, now: T0 });
      });
      const { undo, entries, changes } = present(round as Round | null, 'a round');
      undos.push(undo);
      const answers = entries.map(({ answer }) => answer);
      for (const answer of answers) codes.push(answer.ok ? 'accepted' : answer.refusal.code);
      answered.add(answers);
      decided.add(
        answers,
        changes,
        entries.flatMap(({ explained }) => explained ?? []),
      );
    }
    for (const command of drawn) commands.push(command);
  }
  undoAll(undos)();
  return { commands, codes, seconds, answered: `${answered}`, digest: `${decided}` };
}

/** The same commands one by one: deciding and applying each, timed alone. All is taken back. */
function oneByOne({ mind, wallets }: DecideMarket, commands: readonly Command[]) {
  const timed: Timed[] = [];
  const answered = new Digest();
  const undos: (() => void)[] = [];
  for (const command of commands) {
    const before = workedSeconds();
    const decision = decide(mind, command, wallets, T0);
    undos.push(mind.applyAll(decision.changes));
    const ms = (workedSeconds() - before) * 1_000;
    answered.add([decision.answer]);
    timed.push({ kind: command.payload.kind, ms, isRoomRefusal: isRoomRefusal(decision.answer) });
  }
  undoAll(undos)();
  return { timed, answered: `${answered}` };
}

function isRoomRefusal(answer: Answer): boolean {
  return !answer.ok && ['capacityExhausted', 'placementImpossible'].includes(answer.refusal.code);
}

/** The reference: each booking found room for and counted in one flat array of hours, and nothing else. */
function countHours(commands: readonly Command[], hours: Int32Array): number {
  let most = 0;
  commands.forEach((_, i) => {
    const first = (i * 37) % (COUNTED_HOURS - 100);
    const last = first + 1 + (i % 72);
    for (let hour = first; hour < last; hour += 1) most = Math.max(most, hours[hour] ?? 0);
    for (let hour = first; hour < last; hour += 1) hours[hour] = (hours[hour] ?? 0) + 1;
  });
  return most;
}

async function runOnce(market: DecideMarket, stream: Stream, seed: number): Promise<Run> {
  const { count } = stream;
  const rounds = await decideInRounds(market, stream, seed);
  const single = oneByOne(market, rounds.commands);
  // Of the answers only: what was taken back comes back in another order, and changes name cards in that order.
  invariant(single.answered === rounds.answered, 'rounds answer as single decisions do');
  const passes = 200;
  const hours = new Int32Array(COUNTED_HOURS);
  const reference = await secondsOf(() => {
    for (let pass = 0; pass < passes; pass += 1) countHours(rounds.commands, hours);
  });
  const catalogue = await decideInRounds(market, { ...stream, mixture: 'catalogue' }, seed);
  const answers = new Map<string, number>();
  for (const code of rounds.codes) answers.set(code, (answers.get(code) ?? 0) + 1);
  return {
    perSecond: count / rounds.seconds,
    catalogueSecondsEach: catalogue.seconds / count,
    secondsEach: rounds.seconds / count,
    referenceSecondsEach: reference / passes / count,
    timed: single.timed,
    answers,
    digest: rounds.digest,
  };
}

/** Milliseconds of one decision, of all and of each kind. */
function timesOf(runs: readonly Run[]): Result[] {
  const groups: readonly (readonly [string, (each: Timed) => boolean])[] = [
    ['a decision', () => true],
    ['reserve', ({ kind, isRoomRefusal: isRefused }) => kind === 'reserve' && !isRefused],
    ['refused for room', ({ isRoomRefusal: isRefused }) => isRefused],
    ['cancel, release', ({ kind }) => kind === 'cancel' || kind === 'release'],
    ['extend', ({ kind, isRoomRefusal: isRefused }) => kind === 'extend' && !isRefused],
  ];
  return groups.flatMap(([name, belongs]) => {
    const times = runs.map(({ timed }) => timed.filter(belongs).map(({ ms }) => ms)).filter(({ length }) => length > 0);
    return ([0.5, 0.99] as const).map((share) =>
      resultOf(
        `${name}, p${share * 100}`,
        'ms',
        times.map((ms) => percentile(ms, share)),
      ),
    );
  });
}

function resultsOf(runs: readonly Run[]): Result[] {
  const reference = {
    what: 'counting it in an array of hours',
    ratios: runs.map(({ secondsEach, referenceSecondsEach }) => secondsEach / referenceSecondsEach),
  };
  return [
    resultOf(
      'decisions',
      'a second',
      runs.map(({ perSecond }) => perSecond),
    ),
    resultOf(
      'a decision in rounds',
      'µs',
      runs.map(({ secondsEach }) => secondsEach * 1e6),
      reference,
    ),
    resultOf(
      'of 1 to 16 cards only',
      'a second',
      runs.map(({ catalogueSecondsEach }) => 1 / catalogueSecondsEach),
    ),
    ...timesOf(runs),
  ];
}

/** A smaller pool that is measured by turns with another, so that both see the same machine. */
type Beside = {
  readonly market: DecideMarket;
  readonly cards: number;
  readonly ratios: { same: number[]; share: number[] };
};

/** How much more a decision costs than in the smaller pool: with the same queue, and with one that is as long a card. */
async function compare(
  { market, cards, ratios }: Beside,
  large: Run,
  stream: Stream & { cards: number },
  seed: number,
) {
  const secondsEach = async (count: number, queued: number): Promise<number> =>
    (await decideInRounds(market, { ...stream, count, queued }, seed)).seconds / count;
  const shareOf = (whole: number): number => Math.max(1, Math.round((whole * cards) / stream.cards));
  ratios.same.push(large.secondsEach / (await secondsEach(stream.count, stream.queued)));
  ratios.share.push(large.secondsEach / (await secondsEach(shareOf(stream.count), shareOf(stream.queued))));
}

function besideOf(cards: number, load: number): Beside {
  return { market: openDecideMarket(cards, load, SEED), cards, ratios: { same: [], share: [] } };
}

function resultsBeside({ cards, ratios }: Beside): Result[] {
  const name = `a decision, times what it is with ${cards} cards`;
  return [
    resultOf(`${name} and the same queue`, '×', ratios.same),
    resultOf(`${name} and as long a queue a card`, '×', ratios.share),
  ];
}

export const decideBench: Bench = {
  name: 'decide',
  usage:
    'decide [--cards 10000] [--beside CARDS] [--load PERCENT] [--commands N] [--queued N] [--repetitions N] [--json]',
  run: async (args) => {
    const flags = readFlags(args, ['cards', 'beside', 'load', 'commands', 'queued', 'repetitions']);
    const cards = readWhole(flags.cards ?? '10000', '--cards', { min: 640, max: 1_000_000 });
    const load = readWhole(flags.load ?? '80', '--load', { min: 1, max: 300 });
    const count = readWhole(flags.commands ?? '2000', '--commands', { min: 100, max: 1_000_000 });
    const queued = readWhole(flags.queued ?? `${COMMANDS_PER_ROUND}`, '--queued', { min: 1, max: 1_000_000 });
    const stream: Stream = { count: Math.max(count, flags.queued ? queued : 0), queued, mixture: 'published' };
    const times = readWhole(flags.repetitions ?? '5', '--repetitions', { min: 1, max: 1_000 });
    const smaller = flags.beside === undefined ? null : readWhole(flags.beside, '--beside', { min: 640, max: cards });
    const measure = async (repetitions: number) => {
      const before = memoryInUse();
      const market = openDecideMarket(cards, load / 100, SEED);
      const after = memoryInUse();
      const promises = [...market.mind.state.promises.values()];
      for (let decided = 0; decided < WARM_UP_COMMANDS; decided += stream.count) await runOnce(market, stream, 0);
      const beside = smaller ? besideOf(smaller, load / 100) : null;
      const runs: Run[] = [];
      for (let seed = 1; seed <= repetitions; seed += 1) {
        const run = await runOnce(market, stream, seed);
        runs.push(run);
        if (beside) await compare(beside, run, { ...stream, cards }, seed);
      }
      const heapBytes = after.heapBytes - before.heapBytes;
      const last = present(runs.at(-1), 'a run');
      return {
        size: {
          cards,
          loadPercent: load,
          promises: promises.length,
          tentative: promises.filter(({ isBound }) => !isBound).length,
          boundCards: [...market.mind.state.bindings()].length,
          commands: stream.count,
          queued,
          commandsPerRound: COMMANDS_PER_ROUND,
          ...Object.fromEntries(last.answers),
        },
        digests: runs.map(({ digest }) => digest),
        results: [
          ...resultsOf(runs),
          ...(beside ? resultsBeside(beside) : []),
          resultOf('heap of the mind', 'MB', [heapBytes / 1e6]),
          resultOf('heap a card', 'bytes', [rounded(heapBytes / cards)]),
        ],
      };
    };
    await measureAndReport({ name: 'decide', title: 'Deciding commands in memory', measure }, times, flags.json);
  },
};
