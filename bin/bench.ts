// npm run bench -- <name> [--repetitions 5] [--json]: measures a part of Kashi. A benchmark is one file in `bin/bench/`
// and one line below: they are commands like any other in `bin/`, may read a clock, and may join modules that in `lib`
// must not know each other.
import { parseArgs } from 'node:util';
import { type Bench, machine } from './bench/measure.ts';

/** Loaded only when asked for, so that no benchmark pays for another's modules. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  devices: async () => (await import('./bench/devices.ts')).DEVICES,
};

const USAGE = `npm run bench -- <${Object.keys(BENCHES).join(' | ')}> [--repetitions N] [--json]`;

function fail(sentence: string): never {
  console.error(`${sentence}\n${USAGE}`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, repetitions: { type: 'string' } },
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { values, positionals } = readOptions();
const [name = ''] = positionals;
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (!load || positionals.length > 1)
  fail(`There is no benchmark of this name: ${positionals.join(' ') || 'none given'}.`);
const bench = await load();
const repetitions = values.repetitions === undefined ? bench.repetitions : Number(values.repetitions);
if (!Number.isInteger(repetitions) || repetitions < 1 || repetitions > 1_000)
  fail('--repetitions is a whole number from 1 to 1000.');

const before = machine();
const { size, results } = await bench.run(repetitions);
const report = { bench: name, title: bench.title, repetitions, size, before, after: machine(), results };
if (values.json) console.log(JSON.stringify(report));
else {
  console.log(`${bench.title}, median of ${repetitions}, processor time of one thread`);
  for (const { name: what, unit, median, ratio, reference } of results) {
    const told = `  ${what.padEnd(24)} ${`${median}`.padStart(10)} ${unit.padEnd(11)}`;
    console.log(ratio === undefined ? told.trimEnd() : `${told} ${ratio} × ${reference}`);
  }
  console.log(`  ${JSON.stringify(size)}`);
  console.log(`  load average ${before['loadAverageOneMinute']} before, ${machine()['loadAverageOneMinute']} after`);
}
process.exit(0);
