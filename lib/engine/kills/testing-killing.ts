import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { present } from '#lib/core/assert.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { monotonicMs } from '#lib/platform/clock.ts';
import { openDatabase } from '#lib/platform/db.ts';
import { verifyDatabase } from '../verify.ts';
import { type MortalServer, openMortalServer } from './testing-server.ts';
import type { VictimOrder } from './testing-victim.ts';
import { type Work, WORKS, type WorkName } from './testing-works.ts';

export type Killed = 'process' | 'server';

/** One kill: what was killed in which work, how far into it, and whether the work was done by then. */
export type Kill = {
  readonly work: WorkName;
  readonly killed: Killed;
  readonly afterMs: number;
  readonly wasDone: boolean;
  /** What did not hold: right after the kill, or once the work was done again. None, if all is well. */
  readonly wrongs: readonly string[];
};

const WORK_NAMES = Object.keys(WORKS) as readonly WorkName[];
const FLAGS = ['--conditions=react-server', '--disable-warning=ExperimentalWarning'];

/** What is killed in turn: each work by its process and by its server. */
const planOf = (n: number): { work: WorkName; killed: Killed } => ({
  work: WORK_NAMES[n % WORK_NAMES.length] ?? 'close',
  killed: Math.floor(n / WORK_NAMES.length) % 2 === 0 ? 'process' : 'server',
});

/** A process that waits to be told its work. */
async function startVictim(): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'testing-victim.ts'), [], {
    execArgv: FLAGS,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

async function wrongsNow(when: string): Promise<string[]> {
  const results = await verifyDatabase(await systemCtx('proving'));
  return results.flatMap(({ name, violations, example }) =>
    violations === 0 ? [] : [`${when}: ${name}: ${violations}, ${example}`],
  );
}

/** What a work leaves when nobody kills it, and how long it takes. */
type Reference = { readonly digest: string; readonly workMs: number };

async function measureWork(server: MortalServer, name: WorkName): Promise<Reference> {
  await WORKS[name].seed(await server.make(`${name}_template`));
  await server.leave();
  const url = await server.copy(`${name}_template`, `${name}_reference`);
  const victim = await startVictim();
  const startedMs = monotonicMs();
  victim.send({ work: name, url } satisfies VictimOrder);
  const [told] = await once(victim, 'message');
  const workMs = monotonicMs() - startedMs;
  if (told !== 'done') throw new Error(`${name} said ${told}`);
  openDatabase(url, 5);
  const digest = await WORKS[name].digest();
  const wrongs = await wrongsNow('unkilled');
  if (wrongs.length > 0) throw new Error(wrongs.join('\n'));
  await server.drop(`${name}_reference`);
  return { digest, workMs };
}

/** A copy of what a work begins with, and a process that waits to do it. */
type Scene = { readonly database: string; readonly url: string; readonly victim: ChildProcess };

async function setScene(server: MortalServer, n: number): Promise<Scene> {
  const { work } = planOf(n);
  const database = `${work}_${n}`;
  const [url, victim] = await Promise.all([server.copy(`${work}_template`, database), startVictim()]);
  return { database, url, victim };
}

/** Lets the work begin, and kills it or its server after a share of the time it takes. */
async function strike(
  server: MortalServer,
  { database, url, victim }: Scene,
  { work, killed }: { work: WorkName; killed: Killed },
  afterMs: number,
): Promise<{ wasDone: boolean }> {
  let isDone = false;
  victim.once('message', () => {
    isDone = true;
  });
  const ended = once(victim, 'exit');
  victim.send({ work, url } satisfies VictimOrder);
  await sleep(afterMs);
  const wasDone = isDone;
  if (killed === 'process') victim.kill('SIGKILL');
  else await server.killAndRestart();
  victim.kill('SIGKILL');
  await ended;
  await server.quiet(database);
  return { wasDone };
}

/** What does not hold of a database right after a kill, and once its work was done again. */
async function judge(server: MortalServer, database: string, work: WorkName, digest: string): Promise<string[]> {
  openDatabase(server.urlOf(database), 5);
  const wrongs = await wrongsNow('right after');
  const doing: Work = WORKS[work];
  await doing.run();
  wrongs.push(...(await wrongsNow('done again')));
  if ((await doing.digest()) !== digest) wrongs.push('done again: it is not what it is without a kill');
  await server.drop(database);
  return wrongs;
}

/**
 * Kills the process that works, or the database's server, `count` times, each at a random moment of its work, in the hourly
 * run and in the close of a month by turns. After each kill every proof must hold; the work is done again, and must leave
 * exactly what it leaves when nobody is killed.
 */
export async function killOften(count: number, seed: number, onKill: (kill: Kill) => void = () => {}): Promise<Kill[]> {
  const next = mulberry32(seed);
  const server = await openMortalServer();
  try {
    const references = new Map<WorkName, Reference>();
    for (const name of WORK_NAMES) references.set(name, await measureWork(server, name));
    const kills: Kill[] = [];
    for (let n = 0, scene = await setScene(server, 0); n < count; n += 1) {
      const { work, killed } = planOf(n);
      const { digest, workMs } = present(references.get(work), work);
      const afterMs = Math.round(workMs * next());
      const { wasDone } = await strike(server, scene, { work, killed }, afterMs);
      // The next scene is set while this one is judged: nobody is killed meanwhile.
      const [wrongs, following] = await Promise.all([
        judge(server, scene.database, work, digest),
        n + 1 < count ? setScene(server, n + 1) : null,
      ]);
      const kill = { work, killed, afterMs, wasDone, wrongs };
      kills.push(kill);
      onKill(kill);
      if (following !== null) scene = following;
    }
    return kills;
  } finally {
    await server.close();
  }
}
