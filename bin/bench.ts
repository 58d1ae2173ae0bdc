// npm run bench -- <name> [options]: measures a part of Kashi against published figures.
import { UsageError } from './bench/command-line.ts';
import { placementBench } from './bench/placement.ts';

const BENCHES = [placementBench];
const [name, ...args] = process.argv.slice(2);
const bench = BENCHES.find((each) => each.name === name);
try {
  if (!bench) throw new UsageError(`Name one bench: ${BENCHES.map((each) => each.name).join(', ')}.`);
  await bench.run(args);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  for (const { usage } of bench ? [bench] : BENCHES) console.error(`  npm run bench -- ${usage}`);
  process.exit(2);
}
