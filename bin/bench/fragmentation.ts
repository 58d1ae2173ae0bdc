// Books the published series into the market's own plan under two choices of supernodes: what finds no room, by kind.
import { BINDING_CARDS, BINDING_SHAPE, bindingRequests, BOOKING_HOURS } from '#lib/replay/binding-requests.ts';
import { type FragmentationOutcome, KINDS, replayFragmentation } from '#lib/replay/fragmentation-replay.ts';
import { nothingStranded, strandedGrowth } from '#lib/scheduler/supernode-choice.ts';
import { type Bench, printTable, readFlags, readWhole, roundedTo } from './command-line.ts';

const CHOICES = {
  /** The supernode with the fewest idle servers that suffices. */
  fewest: nothingStranded(BINDING_SHAPE.serversPerSupernode),
  kashi: strandedGrowth(BINDING_SHAPE.serversPerSupernode),
} as const;

const LOADS = [0.7, 0.9, 1.2] as const;

function honouredOf(outcome: FragmentationOutcome): number {
  return KINDS.reduce((sum, kind) => sum + outcome[kind].acceptedCardHours, 0) / (BINDING_CARDS * BOOKING_HOURS);
}

function rowOf(load: number, choice: string, outcomes: readonly FragmentationOutcome[]) {
  const refused = Object.fromEntries(
    KINDS.map((kind) => {
      const [no, all] = outcomes.reduce(([a, b], each) => [a + each[kind].refused, b + each[kind].requests], [0, 0]);
      return [`${kind} refused %`, roundedTo((100 * no) / all, 2)];
    }),
  );
  const honoured = outcomes.reduce((sum, each) => sum + honouredOf(each), 0) / outcomes.length;
  return { load, choice, ...refused, honoured: roundedTo(honoured, 4) };
}

export const fragmentationBench: Bench = {
  name: 'fragmentation',
  usage: 'fragmentation [--seeds 30] [--first-seed 1] [--json]',
  run: async (args) => {
    const flags = readFlags(args, ['seeds', 'first-seed']);
    const seeds = readWhole(flags.seeds ?? '30', '--seeds', { min: 1, max: 1_000 });
    const firstSeed = readWhole(flags['first-seed'] ?? '1', '--first-seed', { min: 0, max: 1_000_000 });
    const results = LOADS.flatMap((load) => {
      const series = Array.from({ length: seeds }, (_, i) => bindingRequests(firstSeed + i, load));
      return Object.entries(CHOICES).map(([name, growth]) =>
        rowOf(
          load,
          name,
          series.map((requests) => replayFragmentation(requests, growth)),
        ),
      );
    });
    if (flags.json) {
      console.log(JSON.stringify({ bench: 'fragmentation', seeds, firstSeed, results }));
      return;
    }
    const columns = Object.keys(results[0] ?? {});
    printTable([columns, ...results.map((result) => Object.values(result).map((value) => `${value}`))]);
  },
};
