import type { Grant } from '#lib/devices/records.ts';
import { errorText, log } from '#lib/platform/log.ts';
import type { Bound } from '#lib/reservations/types.ts';
import type { FleetSide } from './fleet-side.ts';
import type { Mind } from './mind.ts';

/** The cards of running reservations that no plugin has granted yet, with the servers whose grant must be renewed. */
export type GrantNeed = {
  readonly reservationId: Bound['reservationId'];
  readonly serverId: string;
  readonly all: Bound[];
  readonly fresh: Bound[];
};

/** What remains to be granted, grouped as the plugins take it: one request a reservation and server. */
export function grantsNeeded(mind: Mind, isGranted: (allocationId: string) => boolean): GrantNeed[] {
  const needs: GrantNeed[] = [];
  for (const reservation of mind.book.reservations.values()) {
    if (reservation.state !== 'active') continue;
    const bindings = mind.book.bindingsOf(reservation.id);
    if (bindings.every(({ id }) => isGranted(id))) continue;
    for (const [serverId, all] of Map.groupBy(bindings, ({ card }) => mind.book.cards[card]?.serverId ?? '')) {
      const fresh = all.filter(({ id }) => !isGranted(id));
      if (fresh.length > 0) needs.push({ reservationId: reservation.id, serverId, all, fresh });
    }
  }
  return needs;
}

/** Asks the plugins. A refused request is left for the next round: the health report behind it will replace the card. */
export async function requestGrants(
  needs: readonly GrantNeed[],
  fleet: FleetSide,
  uuidOf: (card: number) => string,
  organisationOf: (reservationId: Bound['reservationId']) => string,
): Promise<{ grants: Grant[]; granted: Bound[] }> {
  const grants: Grant[] = [];
  const granted: Bound[] = [];
  for (const { reservationId, serverId, all, fresh } of needs) {
    try {
      const { envs, devices } = await fleet.grant(
        serverId,
        all.map(({ card }) => uuidOf(card)),
      );
      grants.push({
        reservationId,
        serverId,
        organisationId: organisationOf(reservationId),
        environment: envs,
        devices,
      });
      granted.push(...fresh);
    } catch (error) {
      log.info('grant refused', { reservationId, serverId, reason: errorText(error) });
    }
  }
  return { grants, granted };
}
