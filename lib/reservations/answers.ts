import 'server-only';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TxContext } from '#lib/platform/db.ts';
import { withTx } from '#lib/platform/db.ts';
import { listen } from '#lib/platform/notifications.ts';
import { readAnswer } from './command-log.ts';
import type { Answer } from './types.ts';

/** How long a submitter waits for the engine before the answer is "recorded, not decided yet". */
const WAIT_MS = 12_000;
/** Announcements can be lost; the row cannot. */
const POLL_MS = 400;

/** Waits for a command's answer; null when the engine has not decided it in time. Reads under the submitter's rights. */
export async function waitForAnswer(ctx: TxContext, commandId: string): Promise<Answer | null> {
  const giveUp = AbortSignal.timeout(WAIT_MS);
  let wakeUp = new AbortController();
  const stop = listen('kashi_answer', (id) => {
    if (id === commandId) wakeUp.abort();
  });
  try {
    while (!giveUp.aborted) {
      const answer = await withTx(ctx, (tx) => readAnswer(tx, commandId));
      if (answer) return answer;
      await sleep(POLL_MS, undefined, { signal: AbortSignal.any([wakeUp.signal, giveUp]) }).catch(() => {});
      wakeUp = new AbortController();
    }
    return null;
  } finally {
    stop();
  }
}
