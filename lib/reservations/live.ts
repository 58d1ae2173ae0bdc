import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readVisibleIds } from './store.ts';

/** Every reservation that the listener may see, whichever announces itself. */
export const ANY_RESERVATION = 'reservations';

const RESERVATION = /^reservation:(rsv_[0-9a-z]{1,48})$/;
/** Announcements that name nothing of anybody's. */
const PUBLIC = /^(usage|devices|clock|clock-stepped|availability:pol_[0-9a-z-]{1,48})$/;

/** True when a text is a topic that a page may follow, whoever asks. */
export function isTopic(text: string): boolean {
  return text === ANY_RESERVATION || PUBLIC.test(text) || RESERVATION.test(text);
}

/**
 * Of what was announced, what concerns a follower of `topics`: public topics as they are, reservations only when they
 * are the actor's own. Others' reservations are not there, not even as a sign that something happened.
 */
export async function selectHeard(
  ctx: Ctx,
  input: { readonly topics: readonly string[]; readonly announced: readonly string[] },
): Promise<string[]> {
  authorize(ctx, 'reservation:read');
  const { topics, announced } = input;
  const isAny = topics.includes(ANY_RESERVATION);
  const followed = announced.filter((text) => topics.includes(text) || (isAny && RESERVATION.test(text)));
  const ids = followed.flatMap((text) => RESERVATION.exec(text)?.[1] ?? []);
  if (ids.length === 0) return followed;
  const organisationId = ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null;
  const visible = new Set(await withTx(ctx, (tx) => readVisibleIds(tx, { organisationId }, ids)));
  return followed.filter((text) => {
    const id = RESERVATION.exec(text)?.[1];
    return id === undefined || visible.has(id);
  });
}
