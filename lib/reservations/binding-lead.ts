import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { BIND_LEAD_SECONDS } from './types.ts';

/** What begins by this instant is given its cards at once; what begins later may be planned anew until then. */
export function boundAtOnceUntil(now: Instant): Instant {
  return plusSeconds(floorToSecond(now), BIND_LEAD_SECONDS);
}
