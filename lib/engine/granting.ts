import { DriverError } from '#lib/devices/types.ts';
import type { Grant } from '#lib/devices/records.ts';
import { errorText, log } from '#lib/platform/log.ts';
import type { Bound } from '#lib/reservations/planner-types.ts';
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
    // What is lost waits to be replaced, not to be granted.
    const lost = new Set(reservation.lost.map(({ card }) => card));
    const bindings = mind.book.bindingsOf(reservation.id).filter(({ card }) => !lost.has(card));
    if (bindings.every(({ id }) => isGranted(id))) continue;
    for (const [serverId, all] of Map.groupBy(bindings, ({ card }) => mind.book.cards[card]?.serverId ?? '')) {
      const fresh = all.filter(({ id }) => !isGranted(id));
      if (fresh.length > 0) needs.push({ reservationId: reservation.id, serverId, all, fresh });
    }
  }
  return needs;
}

export type Granted = {
  readonly grants: readonly Grant[];
  readonly granted: readonly Bound[];
  /** Cards that the plugin refused: their reservations must get others. */
  readonly refused: readonly { readonly bound: Bound; readonly reason: string }[];
};

/** Which of the fresh cards a refusal is about: the one it names, or all when it names none. */
function blamed(error: unknown, fresh: readonly Bound[], uuidOf: (card: number) => string): readonly Bound[] {
  const uuid = error instanceof DriverError ? error.uuid : null;
  return uuid === null ? fresh : fresh.filter(({ card }) => uuidOf(card) === uuid);
}

/** One request of a plugin, tried again without each card that it refuses. */
async function requestGrant(
  need: GrantNeed,
  fleet: FleetSide,
  uuidOf: (card: number) => string,
  organisationId: string,
): Promise<Granted> {
  const { reservationId, serverId } = need;
  const refused: Granted['refused'][number][] = [];
  let { all, fresh } = need;
  while (fresh.length > 0) {
    try {
      const uuids = all.map(({ card }) => uuidOf(card));
      const { envs: environment, devices } = await fleet.grant(serverId, uuids);
      return {
        grants: [{ reservationId, serverId, organisationId, environment, devices }],
        granted: fresh,
        refused,
      };
    } catch (error) {
      const reason = errorText(error);
      log.info('grant refused', { reservationId, serverId, reason });
      const out = new Set(blamed(error, fresh, uuidOf));
      // It names a card that is granted already: its own health report will say more.
      if (out.size === 0) break;
      refused.push(...[...out].map((bound) => ({ bound, reason })));
      all = all.filter((bound) => !out.has(bound));
      fresh = fresh.filter((bound) => !out.has(bound));
    }
  }
  return { grants: [], granted: [], refused };
}

/** Asks the plugins for what is needed. */
export async function requestGrants(
  needs: readonly GrantNeed[],
  fleet: FleetSide,
  uuidOf: (card: number) => string,
  organisationOf: (reservationId: Bound['reservationId']) => string,
): Promise<Granted> {
  const answers: Granted[] = [];
  for (const need of needs) answers.push(await requestGrant(need, fleet, uuidOf, organisationOf(need.reservationId)));
  return {
    grants: answers.flatMap(({ grants }) => grants),
    granted: answers.flatMap(({ granted }) => granted),
    refused: answers.flatMap(({ refused }) => refused),
  };
}
