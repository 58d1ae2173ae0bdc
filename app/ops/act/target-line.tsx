import { PlaceCrumbs } from '#components/ops/place-crumbs.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { findCard, findPlaceView } from '#lib/inventory/service.ts';
import type { ActTarget } from '#lib/inventory/view-types.ts';

/** Where the target is: the places down to it. */
export async function TargetLine({ ctx, target }: { ctx: Ctx; target: ActTarget }) {
  if (target.kind === 'place') {
    const place = await findPlaceView(ctx, target.id);
    return place ? <PlaceCrumbs places={[...place.ancestors, place]} /> : null;
  }
  const card = await findCard(ctx, target.ids[0] ?? '');
  return card ? <PlaceCrumbs places={card.ancestors} /> : null;
}
