import type { Share } from '../types.ts';

/** The server with the fewest free cards that still has `cards`; -1 when none has. Ties go to the lowest ordinal. */
function tightest(free: Int32Array, cards: number, isTaken: (server: number) => boolean): number {
  let best = -1;
  for (let server = 0; server < free.length; server += 1) {
    const room = free[server] ?? 0;
    if (room < cards || isTaken(server)) continue;
    if (best === -1 || room < (free[best] ?? 0)) best = server;
  }
  return best;
}

/**
 * Whether `cards` fit into `free` cards per server: less than a server on one server, more on idle servers with the
 * rest on one more. A gang fits as a whole or not at all.
 */
export function fitsInto(free: Int32Array, serverSize: number, cards: number): boolean {
  const whole = Math.floor(cards / serverSize);
  const rest = cards % serverSize;
  let idle = 0;
  let hasRoomForRest = rest === 0;
  for (let server = 0; server < free.length; server += 1) {
    const room = free[server] ?? 0;
    if (room >= serverSize) idle += 1;
    else if (room >= rest) hasRoomForRest = true;
    if (idle > whole || (idle === whole && hasRoomForRest)) return true;
  }
  return false;
}

/** Where `cards` go by the rule of {@link fitsInto}; null when they do not fit. Idle servers by ordinal. */
export function fitOn(free: Int32Array, serverSize: number, cards: number): Share[] | null {
  if (!fitsInto(free, serverSize, cards)) return null;
  const whole = Math.floor(cards / serverSize);
  const rest = cards % serverSize;
  const shares: Share[] = [];
  for (let server = 0; server < free.length && shares.length < whole; server += 1)
    if ((free[server] ?? 0) >= serverSize) shares.push({ server, cards: serverSize });
  if (rest > 0) {
    const last = tightest(free, rest, (server) => shares.some((share) => share.server === server));
    shares.push({ server: last, cards: rest });
  }
  return shares;
}
