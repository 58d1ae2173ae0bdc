import { setTimeout as sleep } from 'node:timers/promises';

/** Lets real time pass; resolves early, without an error, when the signal is aborted. Keeps no process alive. */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
