import 'server-only';
import type { TxContext } from '#lib/platform/db.ts';
import { listen } from '#lib/platform/notifications.ts';
import { answersIn } from './announced-answers.ts';
import { readAnswer } from './command-log.ts';
import type { Answer } from './command-types.ts';

/** How long a submitter waits for the engine before the answer is "recorded, not decided yet". */
const WAIT_MS = 12_000;
/** Announcements can be lost; the row cannot. It is looked at after this long, and then ever less often. */
const LOOK_AFTER_MS = 400;

/** Rung with the answer, or with null when the announcement had no room for it and the row is to be read. */
type Bell = (answer: Answer | null) => void;

/** Who is to be told of which command's answer, in this process: a request that is repeated waits beside its first. */
const bells = new Map<string, Set<Bell>>();
let stopListening: (() => void) | null = null;

function hang(commandId: string, ring: Bell): void {
  bells.set(commandId, (bells.get(commandId) ?? new Set()).add(ring));
  stopListening ??= listen('kashi_answer', (text) => {
    for (const { commandId, answer } of answersIn(text, (id) => bells.has(id)))
      for (const each of bells.get(commandId) ?? []) each(answer);
  });
}

function takeDown(commandId: string, ring: Bell): void {
  const hung = bells.get(commandId);
  hung?.delete(ring);
  if (hung?.size === 0) bells.delete(commandId);
  if (bells.size > 0) return;
  stopListening?.();
  stopListening = null;
}

/**
 * Waits for the answer of one command. Made before the command is handed in, so that an answer that comes at once is
 * heard too; closed in the end. Whoever waits has handed the command in, or found it, under their own rights, and reads
 * its row under the same.
 */
export class AnswerWaiter {
  readonly #ctx: TxContext;
  #commandId: string;
  #hasRung = false;
  #heard: Answer | null = null;
  #wakeUp: () => void = () => {};

  constructor(ctx: TxContext, commandId: string) {
    this.#ctx = ctx;
    this.#commandId = commandId;
    hang(commandId, this.#ring);
  }

  readonly #ring: Bell = (answer) => {
    this.#hasRung = true;
    this.#heard = answer;
    this.#wakeUp();
  };

  /**
   * The answer; null when the engine has not decided in time, `lost` when the command is not in the log any more. `commandId`
   * differs when the command came before.
   */
  async wait(commandId: string): Promise<Answer | 'lost' | null> {
    if (commandId !== this.#commandId) {
      takeDown(this.#commandId, this.#ring);
      this.#commandId = commandId;
      hang(commandId, this.#ring);
      this.#hasRung = true;
    }
    for (let waitedMs = 0, pauseMs = LOOK_AFTER_MS; waitedMs < WAIT_MS; waitedMs += pauseMs, pauseMs *= 2) {
      do {
        await this.#rest(Math.min(pauseMs, WAIT_MS - waitedMs));
        const answer = this.#heard ?? (await readAnswer(this.#ctx, commandId));
        if (answer) return answer;
      } while (this.#hasRung);
    }
    return null;
  }

  /** Until the bell rings or `pauseMs` have passed; at once when it has rung since it was last looked. */
  async #rest(pauseMs: number): Promise<void> {
    if (!this.#hasRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        this.#wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#hasRung = false;
  }

  close(): void {
    takeDown(this.#commandId, this.#ring);
  }
}
