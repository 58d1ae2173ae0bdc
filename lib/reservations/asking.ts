import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { refuse } from '#lib/core/result.ts';
import { newId } from '#lib/platform/random.ts';
import { AnswerWaiter } from './answers.ts';
import { type Submission, submitCommand } from './command-log.ts';
import type { ChangeResult } from './service.ts';

/** Hands a command in and waits for its answer; a repeat of a decided command finds it at once. */
export async function ask(ctx: Ctx, asked: Submission): Promise<ChangeResult> {
  const commandId = newId('command', ctx.now);
  const waiter = new AnswerWaiter(ctx, commandId);
  try {
    const submitted = await submitCommand(ctx, asked, commandId);
    if (!submitted.ok) return submitted;
    const { commandId: kept, answer } = submitted.value;
    const decided = answer ?? (await waiter.wait(kept)) ?? refuse({ code: 'decisionPending' });
    const isExplained = asked.payload.kind === 'reserve' || asked.payload.kind === 'extend';
    return decided.ok || !isExplained ? decided : refuse({ ...decided.refusal, commandId: kept });
  } finally {
    waiter.close();
  }
}
