import 'server-only';
import { record } from '#lib/audit/record.ts';
import { InvariantError } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { openWallet } from '#lib/ledger/posting.ts';
import type { Tx } from '#lib/platform/db.ts';
import { newId, newSecret } from '#lib/platform/random.ts';
import { slugCandidate } from './slug.ts';
import { insertMember, insertOrganisation } from './organisation-store.ts';
import type { Organisation } from './types.ts';

/** The most cards a new organisation may be promised at a time: as many as one booking may have. */
const NEW_CARD_QUOTA = 10_000;
const SLUG_ATTEMPTS_MAX = 6;

/** Makes an organisation with its owner and its wallet, under an address nobody has. */
export async function foundOrganisation(
  ctx: Ctx,
  tx: Tx,
  { name, ownerId }: { name: string; ownerId: Id<'user'> },
): Promise<Organisation> {
  const id = newId('organisation', ctx.now);
  for (let attempt = 0; attempt < SLUG_ATTEMPTS_MAX; attempt += 1) {
    const slug = slugCandidate(name, attempt, newSecret().slice(0, 5));
    const organisation = { id, slug, name, createdAt: ctx.now };
    if (!(await insertOrganisation(tx, { ...organisation, cardQuota: NEW_CARD_QUOTA }))) continue;
    await insertMember(tx, { organisationId: id, userId: ownerId }, 'owner', ctx.now);
    await openWallet(tx, id);
    await record(ctx, tx, 'organisation.founded', id, { slug, owner: ownerId }, id);
    return organisation;
  }
  throw new InvariantError(`no free address for an organisation after ${SLUG_ATTEMPTS_MAX} attempts`);
}
