import { type HealthReason, type HealthVerdict, isUp } from '#lib/devices/health.ts';
import type { HealthChange } from '#lib/devices/watched-cards.ts';
import type { CaseReport, FaultCause, Sighting } from '#lib/inventory/fault-case.ts';
import type { Lifecycle } from '#lib/inventory/lifecycle.ts';
import type { FleetCard } from '#lib/inventory/types.ts';

type CauseOf = Pick<Sighting, 'cause' | 'joins' | 'isServerWide'>;
const ofCard = (cause: FaultCause, ...joins: FaultCause[]): CauseOf => ({ cause, joins, isServerWide: false });
const ofServer = (cause: FaultCause): CauseOf => ({ cause, joins: [], isServerWide: true });

/**
 * The trouble behind each verdict; null for what is none. Verdicts that follow one another while the same thing is
 * broken share a cause: the several XIDs of one memory fault, a lost card that then asks for a cold reboot, a link that is
 * down at both its ends, asks for a reboot of the whole server, and has the neighbours wait for it. A card that ops
 * drained is not broken. That a driver asks for a reset says nothing of why: it is about the memory that failed before, if
 * any did, else about a process that could not be cleared.
 */
const CAUSE_OF = {
  none: null,
  drained: null,
  page_retired: ofCard('memory'),
  repeated_uncorrectable_ecc: ofCard('memory'),
  memory_below_sold: ofCard('memory'),
  correctable_ecc_storm: ofCard('correctable_ecc'),
  device_lost: ofCard('lost'),
  cold_reboot_required: ofCard('lost'),
  removed: ofCard('lost'),
  reset_required: ofCard('blocked', 'memory', 'correctable_ecc'),
  drain_and_reset_required: ofCard('blocked', 'memory', 'correctable_ecc'),
  node_reboot_required: ofServer('reboot'),
  server_reboot_pending: ofServer('reboot'),
  icn_link_down: ofServer('reboot'),
  icn_reduced_width: ofCard('link'),
  p2p_drain_required: ofCard('link'),
  fabric_limited: ofServer('fabric'),
  thermal_throttle: ofCard('throttle'),
  power_brake: ofCard('throttle'),
  driver_not_loaded: ofServer('driver'),
  driver_mismatch: ofServer('driver'),
  driver_not_bound: ofCard('driver'),
  reads_failing: ofCard('unread'),
  events_lost: ofServer('unheard'),
  stream_broken: ofServer('unheard'),
} as const satisfies Record<HealthReason, CauseOf | null>;

/**
 * Which other cases of the card a verdict proves over: all when it is well, the fatal ones when it is merely up, none when
 * it is drained, since its driver then tells nothing of it.
 */
function proofOf(verdict: HealthVerdict): CaseReport['proves'] {
  if (verdict.reason === 'drained') return 'nothing';
  if (verdict.health === 'healthy') return 'allOver';
  return isUp(verdict) ? 'fatalOver' : 'nothing';
}

function sightingOf({ verdict, cause: event }: HealthChange): Sighting | null {
  const known: CauseOf | null = CAUSE_OF[verdict.reason];
  if (known === null) return null;
  return {
    ...known,
    kind: verdict.reason,
    xid: event?.type === 'xid' ? event.code : null,
    severity: isUp(verdict) ? 'warning' : 'fatal',
    action: verdict.recovery,
    isNews: event !== null,
  };
}

/** What changes of health mean for the fault cases. A card that is away at its vendor's shows nothing. */
export function caseReports(
  changes: readonly HealthChange[],
  cardOf: (uuid: string) => FleetCard | undefined,
  lifecycleOf: (card: FleetCard) => Lifecycle,
): CaseReport[] {
  return changes.flatMap((change): CaseReport[] => {
    const card = cardOf(change.uuid);
    if (!card || lifecycleOf(card) === 'returned') return [];
    const { id: cardId, serverId } = card;
    return [{ cardId, serverId, at: change.since, seen: sightingOf(change), proves: proofOf(change.verdict) }];
  });
}
