import { cpus, loadavg } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Bench, printTable, readFlags, readWhole } from './command-line.ts';
import { median, rounded } from './figures.ts';

/** What a benchmark found out. Time is processor time of the main thread, so that what else runs weighs little. */
export type Result = {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  /** One figure a repetition, in order. */
  readonly runs: readonly number[];
  /** How many times the reference of the same repetition it took, as a median; what the reference did. */
  readonly ratio?: number;
  readonly reference?: string;
};

/** What is measured several times over: what it is about, and how often. */
export type Measurement = {
  readonly name: string;
  readonly title: string;
  readonly repetitions: number;
  /** Sets up, warms up, measures; answers its size and its results. */
  measure(repetitions: number): Promise<{
    readonly size: Readonly<Record<string, number>>;
    /** What a repetition computed, in short, where that must not change: the same text in every version and run. */
    readonly digests?: readonly string[];
    readonly results: readonly Result[];
  }>;
};

/** Seconds that this thread has worked since it began. */
export function workedSeconds(): number {
  // Linux counts a thread's time at its ticks, but brings it up to date when the whole process is asked for.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}

/** How many seconds of work a piece of work was. */
export async function secondsOf(work: () => unknown): Promise<number> {
  const before = workedSeconds();
  await work();
  return workedSeconds() - before;
}

/** A result over repetitions, with the reference that was measured beside each of them. */
export function resultOf(
  name: string,
  unit: string,
  runs: readonly number[],
  reference: { readonly what: string; readonly ratios: readonly number[] } | null = null,
): Result {
  const result = { name, unit, median: rounded(median(runs)), runs: runs.map(rounded) };
  return reference ? { ...result, ratio: rounded(median(reference.ratios)), reference: reference.what } : result;
}

/** What is in use after everything that can be collected has been. */
export function memoryInUse(): { readonly heapBytes: number; readonly residentBytes: number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + external, residentBytes: rss };
}

/** Where and among what else a benchmark ran, without which its figures say little. */
export function machine(): Readonly<Record<string, string | number>> {
  const all = cpus();
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: all[0]?.model ?? 'unknown',
    processors: all.length,
    loadAverageOneMinute: rounded(loadavg()[0] ?? Number.NaN),
  };
}

const REPETITIONS = { min: 1, max: 1_000 } as const;

/** The bench that measures something several times over and reports medians, with the machine before and after. */
export function repeatedly({ name, title, repetitions, measure }: Measurement): Bench {
  return {
    name,
    usage: `${name} [--repetitions N] [--json]`,
    run: async (args) => {
      const flags = readFlags(args, ['repetitions']);
      const times =
        flags.repetitions === undefined ? repetitions : readWhole(flags.repetitions, '--repetitions', REPETITIONS);
      await measureAndReport({ name, title, measure }, times, flags.json);
    },
  };
}

/** Measures and reports, with the machine before and after: what {@link repeatedly} does once its options are read. */
export async function measureAndReport(
  { name, title, measure }: Pick<Measurement, 'name' | 'title' | 'measure'>,
  repetitions: number,
  isJson: boolean,
): Promise<void> {
  const before = machine();
  const found = await measure(repetitions);
  const report = { bench: name, title, repetitions, ...found, before, after: machine() };
  if (isJson) console.log(JSON.stringify(report));
  else printReport(report);
}

function printReport({ title, repetitions, size, digests, results, before, after }: Report): void {
  console.log(`${title}, median of ${repetitions}, processor time of one thread`);
  printTable(
    results.map(({ name, unit, median: value, ratio, reference }) => [
      name,
      `${value} ${unit}`,
      ratio === undefined ? '' : `${ratio} × ${reference}`,
    ]),
  );
  console.log(JSON.stringify(size));
  if (digests) console.log(`digests ${digests.join(' ')}`);
  console.log(`load average ${before['loadAverageOneMinute']} before, ${after['loadAverageOneMinute']} after`);
}

type Machine = ReturnType<typeof machine>;
type Report = Awaited<ReturnType<Measurement['measure']>> & {
  readonly title: string;
  readonly repetitions: number;
  readonly before: Machine;
  readonly after: Machine;
};
