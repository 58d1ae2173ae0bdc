// Books the published series of requests under each binding policy: what is honoured, what is broken, what it costs.
import { BINDING_POLICIES, type BindingOutcome, replayBinding } from '#lib/replay/binding-replay.ts';
import { bindingRequests } from '#lib/replay/binding-requests.ts';
import { type Bench, printTable, readFlags, readWhole, roundedTo, UsageError } from './command-line.ts';

type PolicyName = keyof typeof BINDING_POLICIES;
const NAMES = Object.keys(BINDING_POLICIES) as PolicyName[];
const LOAD_MAX = 3;

function readLoad(text: string): number {
  const load = /^\d(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (load > 0 && load <= LOAD_MAX) return load;
  throw new UsageError(
    `--load is what is asked for over what there is, above 0 and at most ${LOAD_MAX}, not "${text}".`,
  );
}

/** Processor time of this thread: on a busy machine a clock on the wall would tell of the others. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Means over seeds; `broken` is their sum, and times are over all re-plans of all seeds. */
function summaryOf(policy: PolicyName, outcomes: readonly BindingOutcome[]) {
  const mean = (pick: (outcome: BindingOutcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + pick(outcome), 0) / outcomes.length;
  const times = outcomes.flatMap(({ replanMs }) => replanMs).sort((a, b) => a - b);
  return {
    policy,
    requests: roundedTo(
      mean(({ requests }) => requests),
      1,
    ),
    acceptedPercent: roundedTo(100 * mean(({ accepted, requests }) => accepted / requests), 2),
    broken: outcomes.reduce((sum, { broken }) => sum + broken, 0),
    brokenPercent: roundedTo(100 * mean(({ broken, accepted }) => broken / accepted), 2),
    honoured: roundedTo(
      mean(({ honoured }) => honoured),
      4,
    ),
    replans: roundedTo(
      mean(({ replans }) => replans),
      1,
    ),
    rescued: roundedTo(
      mean(({ rescued }) => rescued),
      1,
    ),
    replanP99CpuMs: roundedTo(times[Math.ceil(times.length * 0.99) - 1] ?? 0, 1),
  };
}

export const bindingBench: Bench = {
  name: 'binding',
  usage: `binding [--load 1.2] [--seeds 10] [--first-seed 1] [--policy ${NAMES.join('|')}] [--json]`,
  run: async (args) => {
    const flags = readFlags(args, ['load', 'seeds', 'first-seed', 'policy']);
    const load = readLoad(flags.load ?? '1.2');
    const seeds = readWhole(flags.seeds ?? '10', '--seeds', { min: 1, max: 1_000 });
    const firstSeed = readWhole(flags['first-seed'] ?? '1', '--first-seed', { min: 0, max: 1_000_000 });
    const policies = flags.policy === undefined ? NAMES : NAMES.filter((name) => name === flags.policy);
    if (policies.length === 0) throw new UsageError(`--policy is one of ${NAMES.join('|')}.`);
    const series = Array.from({ length: seeds }, (_, i) => bindingRequests(firstSeed + i, load));
    const results = policies.map((name) =>
      summaryOf(
        name,
        series.map((requests) => replayBinding(requests, BINDING_POLICIES[name], threadMs)),
      ),
    );
    if (flags.json) {
      console.log(JSON.stringify({ bench: 'binding', load, seeds, firstSeed, results }));
      return;
    }
    const columns = Object.keys(results[0] ?? {});
    printTable([columns, ...results.map((result) => Object.values(result).map((value) => `${value}`))]);
  },
};
