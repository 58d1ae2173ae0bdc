// Keeps what the tools of a server with NVIDIA cards print, as a recording for lib/devices/nvidia-smi/testing-recording,
// and runs on it the rules that change nothing. `npm run record-nvidia -- "what it is"` on the server itself, or with a
// way to it: `npm run --silent record-nvidia -- "what it is" ssh gpu-17 > recording.json`. The verdicts go to stderr.
import { type Instant, instant } from '#lib/core/instant.ts';
import { READ_ONLY_RULES } from '#lib/devices/conformance.ts';
import { captureRecording } from '#lib/devices/nvidia-smi/capture.ts';
import { playedTools } from '#lib/devices/nvidia-smi/recording.ts';
import { nvidiaTools } from '#lib/devices/nvidia-smi/tools.ts';
import { openFleet } from '#lib/devices/registry.ts';

const [note, ...elsewhere] = process.argv.slice(2);
if (!note) {
  console.error('Say what is recorded: the cards, their number, the version of the driver, the state they are in.');
  process.exit(2);
}

/** The wall clock of this machine: there is no database here whose time to take. */
const clock = (): Instant => instant(Math.floor(performance.timeOrigin + performance.now()));

const recording = await captureRecording(nvidiaTools(elsewhere), clock, { origin: 'recorded', note });
if (!recording.runs.some(({ args, exitCode }) => args[0]?.startsWith('--query-gpu=') && exitCode === 0)) {
  console.error('No nvidia-smi answered for any card, so there is nothing to keep.');
  process.exit(1);
}
console.log(JSON.stringify(recording, null, 1));

const nodes = [{ nodeId: 'played', tools: playedTools(recording) }];
const fleet = openFleet('nvidia-smi', { nodes, clock, pause: () => Promise.resolve() });
const nothing = (): never => {
  throw new Error('a rule that changes nothing asked for a change');
};
const rig = { disturb: nothing, lose: nothing, mend: nothing, settle: nothing, hold: nothing };
for (const { name, check } of READ_ONLY_RULES) {
  const subject = { connect: () => fleet.driver('played'), plugin: fleet.plugin('played'), rig };
  const outcome = await check(subject).then(
    () => 'holds',
    (error: unknown) => `FAILS: ${error}`,
  );
  console.error(`${outcome}  ${name}`);
}
