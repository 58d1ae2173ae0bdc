// Simulates a market from seeds and proves it after every step: `npm run simulate -- --seeds 1..1000`.
import { runSeed } from '#lib/engine/simulate/run.ts';
const [from='1', to='20', steps='120'] = process.argv.slice(2);
const started = performance.now();
let total=0, rounds=0, commands=0, accepted=0, sim=0, bad=0;
const seen = new Map<string, number>();
for (let seed = +from; seed <= +to; seed += 1) {
  const o = runSeed(seed, +steps);
  total += o.steps; rounds += o.rounds; commands+=o.commands; accepted+=o.accepted; sim+=o.simulatedMs;
  if (o.violations.length) { bad++; for (const v of o.violations) { const n=(seen.get(v.invariant)??0)+1; seen.set(v.invariant,n); if (n<=3) console.log(seed, o.steps, v.invariant, v.what.slice(0,300)); } }
}
console.log({bad,total,rounds,commands,accepted,simDays: sim/86400000, ms: performance.now()-started, seen:Object.fromEntries(seen)});
