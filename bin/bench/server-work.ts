import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Ticks of a process's time on Linux; the same on every machine in use. */
const TICKS_PER_SECOND = 100;

/** Fields of `/proc/<pid>/stat` after the name, which may hold anything. */
function statOf(pid: string): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Processor seconds of a PostgreSQL server and all its sessions so far; null where there is no `/proc` to read. */
export function serverProcessorSeconds(dataDirectory: string): number | null {
  const postmaster = readFileSync(path.join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const own = statOf(postmaster);
  if (!own) return null;
  const ticks = (fields: readonly string[], from: number, count: number): number =>
    fields.slice(from, from + count).reduce((sum, field) => sum + Number(field), 0);
  // utime, stime and those of sessions that have ended.
  let total = ticks(own, 11, 4);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = statOf(pid);
    if (fields?.[1] === postmaster) total += ticks(fields, 11, 2);
  }
  return total / TICKS_PER_SECOND;
}
