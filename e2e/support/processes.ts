import { readdirSync, readFileSync } from 'node:fs';
import { expect } from '@playwright/test';

/** How each part's command line looks; Next.js writes its own name over that of its process. */
const COMMANDS = { engine: /bin\/engine\.ts/, web: /bin\/serve\.mjs|next-server/ } as const;

/** A process's parent and command line; null when it is gone. */
function look(pid: number): { parent: number; command: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const parent = Number.parseInt(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '', 10);
    return { parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') };
  } catch {
    return null;
  }
}

/** The part of this run's Kashi, by the supervisor's pid; null while it is down. */
function find(part: keyof typeof COMMANDS): number | null {
  const supervisor = Number.parseInt(process.env['KASHI_E2E_PID'] ?? '', 10);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.map(Number).find((pid) => {
    const process = look(pid);
    return process?.parent === supervisor && COMMANDS[part].test(process.command);
  });
  return found ?? null;
}

/** Kills a part as a crash would, and answers once the supervisor has started another. */
export async function crash(part: keyof typeof COMMANDS): Promise<void> {
  const pid = find(part);
  expect(pid, `${part} runs`).not.toBeNull();
  if (pid === null) return;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => ![null, pid].includes(find(part)), { timeout: 30_000 }).toBe(true);
}

/** Keeps a part from doing anything until the answered function is called, as a machine that stalls would. */
export function stall(part: keyof typeof COMMANDS): () => void {
  const pid = find(part);
  expect(pid, `${part} runs`).not.toBeNull();
  if (pid === null) return () => {};
  process.kill(pid, 'SIGSTOP');
  return () => {
    process.kill(pid, 'SIGCONT');
  };
}
