// npm run bench -- <name> [options]: measures a part of Kashi. A bench is one file in `bin/bench/` and one line below:
// benches are commands like any other in `bin/`, may read a clock, and may join modules that in `lib` must not know each
// other.
import { type Bench, UsageError } from './bench/command-line.ts';

/** Loaded only when asked for, so that no bench pays for another's modules. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  devices: async () => (await import('./bench/devices.ts')).devicesBench,
  decide: async () => (await import('./bench/decide.ts')).decideBench,
  placement: async () => (await import('./bench/placement.ts')).placementBench,
  queue: async () => (await import('./bench/queue.ts')).queueBench,
  waiting: async () => (await import('./bench/waiting.ts')).waitingBench,
  binding: async () => (await import('./bench/binding.ts')).bindingBench,
  fragmentation: async () => (await import('./bench/fragmentation.ts')).fragmentationBench,
  bookings: async () => (await import('./bench/bookings.ts')).bookingsBench,
  ledger: async () => (await import('./bench/ledger.ts')).ledgerBench,
  exports: async () => (await import('./bench/exports.ts')).exportsBench,
  charge: async () => (await import('./bench/charge.ts')).chargeBench,
  explain: async () => (await import('./bench/explain.ts')).explainBench,
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (!load) {
  console.error(`Name one bench: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}
const bench = await load();
try {
  await bench.run(args);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n  npm run bench -- ${bench.usage}`);
  process.exit(2);
}
process.exit(0);
