import 'server-only';
import { walkArrears } from '#lib/arrears/walking.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';

/** Business time that passes between two walks at most; a demo clock steps further only from hour to hour. */
const WALK_EVERY_MS = 60_000;

/** When an engine walks over the organisations. Every engine walks: the steps themselves are taken once. */
export class ArrearsWalk {
  #walkedAt: Instant | null = null;

  /** Money may have moved: the next turn looks. */
  wake(): void {
    this.#walkedAt = null;
  }

  /** Walks when it is time to, after the pools have come to rest at this instant. */
  async walk(ctx: Ctx): Promise<void> {
    if (this.#walkedAt !== null && ctx.now - this.#walkedAt < WALK_EVERY_MS) return;
    this.#walkedAt = ctx.now;
    await walkArrears(ctx);
  }
}
