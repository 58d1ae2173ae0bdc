import { HOUR_MS, MINUTE_MS } from '#lib/core/instant.ts';
import type { HealthVerdict } from '../health.ts';
import type { HostAction } from '../simulation.ts';
import type { RecoveryAction } from '../types.ts';

/** What ops can do to bring a server's cards back. */
export type Repair = 'reset' | HostAction;

/** From mild to drastic; what did not help is followed by the next. */
const LADDER = [
  'reset',
  'driver_restart',
  'driver_reinstall',
  'os_reboot',
  'cold_reboot',
] as const satisfies readonly Repair[];

/**
 * How long it takes from bad news to the start of a repair: for the automation to act, for tenants to be moved away,
 * for somebody to reach the management controller. Assumptions: nobody has published such times for these cards.
 */
const START_AFTER_MS: Readonly<Record<Repair, number>> = {
  reset: 10 * MINUTE_MS,
  driver_restart: 5 * MINUTE_MS,
  driver_reinstall: 15 * MINUTE_MS,
  os_reboot: 30 * MINUTE_MS,
  cold_reboot: HOUR_MS,
};
/** What only makes a card slower waits for the night. Assumption. */
const MAINTENANCE_AFTER_MS = 24 * HOUR_MS;

/** What only makes a card slower counts only where nothing is more urgent, and waits for the night. */
export type Wish = { readonly repair: Repair; readonly startAfterMs: number; readonly isUrgent: boolean };

const BY_RECOVERY: Readonly<Record<RecoveryAction, Repair | null>> = {
  none: null,
  drain_p2p: null,
  drain_and_reset: 'reset',
  device_reset: 'reset',
  node_reboot: 'os_reboot',
  cold_reboot: 'cold_reboot',
};

/** What a verdict asks of ops and how soon; null when there is nothing to do, or nothing that would help. */
export function wishOf({ reason, recovery }: HealthVerdict): Wish | null {
  if (reason === 'driver_not_loaded' || reason === 'driver_mismatch') return urgent('driver_restart');
  if (reason === 'driver_not_bound') return urgent('os_reboot');
  if (reason === 'icn_reduced_width') {
    return { repair: 'os_reboot', startAfterMs: MAINTENANCE_AFTER_MS, isUrgent: false };
  }
  const repair = BY_RECOVERY[recovery];
  return repair === null ? null : urgent(repair);
}

/** The wish of a server's cards that counts: the most drastic of the urgent ones, since it mends the others too. */
export function planOf(wishes: readonly Wish[]): Wish | null {
  const urgentOnes = wishes.filter(({ isUrgent }) => isUrgent);
  return (urgentOnes.length > 0 ? urgentOnes : wishes).reduce<Wish | null>(
    (plan, wish) => (plan && rungOf(plan.repair) >= rungOf(wish.repair) ? plan : wish),
    null,
  );
}

/**
 * The repair to try now: the one planned, or the first after it that has not been tried. A driver that is wrong after a
 * reboot came back with the boot image, so it is installed anew. Null: nothing is left to try.
 */
export function chooseRepair(planned: Repair, tried: readonly Repair[]): Repair | null {
  const isFromBoot = planned === 'driver_restart' && tried.some((repair) => repair.endsWith('reboot'));
  const from = rungOf(isFromBoot ? 'driver_reinstall' : planned);
  return LADDER.find((repair, rung) => rung >= from && !tried.includes(repair)) ?? null;
}

/** What a card asks for that was drained for a reset which was refused then. */
export const DRAINED_WISH: Wish = urgent('reset');

function rungOf(repair: Repair): number {
  return LADDER.indexOf(repair);
}

function urgent(repair: Repair): Wish {
  return { repair, startAfterMs: START_AFTER_MS[repair], isUrgent: true };
}
