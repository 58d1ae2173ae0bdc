import 'server-only';
import { InfrastructureError } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { newId } from '#lib/platform/random.ts';
import { AnswerWaiter } from './answers.ts';
import { type Submission, submitCommand } from './command-log.ts';
import type { ChangeResult } from './service.ts';

/** A server that stops may lose what was handed in and not decided: so often a command is handed in at most. */
const TIMES_MAX = 3;

/** Hands a command in until the log keeps it, and waits for its answer; null when it is not decided in time. */
async function handIn(ctx: Ctx, asked: Submission, waiter: AnswerWaiter, commandId: Id<'command'>) {
  for (let times = 1; times <= TIMES_MAX; times += 1) {
    const submitted = await submitCommand(ctx, asked, commandId);
    if (!submitted.ok) return submitted;
    const { commandId: kept, answer } = submitted.value;
    const waited = answer ?? (await waiter.wait(kept));
    if (waited !== 'lost') return accept({ kept, answer: waited });
  }
  throw new InfrastructureError(`command ${commandId} was lost ${TIMES_MAX} times`);
}

/** Hands a command in and waits for its answer; a repeat of a decided command finds it at once. */
export async function ask(ctx: Ctx, asked: Submission): Promise<ChangeResult> {
  const commandId = newId('command', ctx.now);
  const waiter = new AnswerWaiter(ctx, commandId);
  try {
    const handedIn = await handIn(ctx, asked, waiter, commandId);
    if (!handedIn.ok) return handedIn;
    const { kept, answer } = handedIn.value;
    const decided = answer ?? refuse({ code: 'decisionPending' });
    const isExplained = asked.payload.kind === 'reserve' || asked.payload.kind === 'extend';
    return decided.ok || !isExplained ? decided : refuse({ ...decided.refusal, commandId: kept });
  } finally {
    waiter.close();
  }
}
