import { accept, type Result, refuse } from '#lib/core/result.ts';
import { RESERVATION_CAN } from '#lib/reservations/types.ts';
import { WALLTIME_SECONDS_MAX, WALLTIME_SECONDS_MIN, type WorkloadInput, type WorkloadRefusal } from './types.ts';

/** What a wish for a workload is checked against; null: there is none of that id. */
export type Surroundings = {
  readonly reservation: { readonly state: string; readonly cards: number; readonly arch: string } | null;
  readonly image: { readonly archs: readonly string[] } | null;
};

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

/** Checks a workload before it is taken, in the order of {@link WorkloadRefusal}. Cards are counted, times in seconds. */
export function checkWorkload(
  { cards, walltimeSeconds }: Pick<WorkloadInput, 'cards' | 'walltimeSeconds'>,
  { reservation, image }: Surroundings,
): Result<null, WorkloadRefusal> {
  if (!reservation) return refuse({ code: 'reservationUnknown' });
  const allowed: readonly string[] = RESERVATION_CAN.submitWorkload;
  if (!allowed.includes(reservation.state)) return refuse({ code: 'reservationNotInState', state: reservation.state });
  if (!image) return refuse({ code: 'imageUnknown' });
  if (!image.archs.includes(reservation.arch)) return refuse({ code: 'imageIncompatible' });
  if (!isWithin(cards, 1, reservation.cards)) return refuse({ code: 'cardsOutOfRange', cardsMax: reservation.cards });
  if (!isWithin(walltimeSeconds, WALLTIME_SECONDS_MIN, WALLTIME_SECONDS_MAX))
    return refuse({ code: 'walltimeOutOfRange' });
  return accept(null);
}
