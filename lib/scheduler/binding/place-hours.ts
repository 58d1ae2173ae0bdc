import type { HourGrid, HourPlacement, HourRequest } from './hour-grid.ts';

/**
 * Where a request goes, or null: less than a server on the tightest server; up to a supernode within the supernode that
 * has the fewest idle servers that still suffice; more on wholly idle supernodes. Ties go to the lowest ordinal. This
 * is the placement of the published experiment (`decisions/015`).
 */
export function placeHours(grid: HourGrid, request: HourRequest): HourPlacement | null {
  const { cardsPerServer, serversPerSupernode } = grid.shape;
  if (request.cards < cardsPerServer) return onTightestServer(grid, request);
  const needed = Math.ceil(request.cards / cardsPerServer);
  const idle = idleServers(grid, request);
  if (needed <= serversPerSupernode) {
    let tightest: readonly number[] | null = null;
    for (const servers of idle)
      if (servers.length >= needed && (tightest === null || servers.length < tightest.length)) tightest = servers;
    return tightest && { servers: tightest.slice(0, needed), cardsPerServer };
  }
  const whole = idle.filter((servers) => servers.length === serversPerSupernode);
  const supernodes = Math.ceil(needed / serversPerSupernode);
  if (whole.length < supernodes) return null;
  return { servers: whole.slice(0, supernodes).flat().slice(0, needed), cardsPerServer };
}

function onTightestServer(grid: HourGrid, request: HourRequest): HourPlacement | null {
  let best: number | null = null;
  let bestFree = 0;
  for (let server = 0; server < grid.serverCount; server += 1) {
    const free = grid.freeOn(server, request);
    if (free < request.cards || (best !== null && free >= bestFree)) continue;
    best = server;
    bestFree = free;
  }
  return best === null ? null : { servers: [best], cardsPerServer: request.cards };
}

/** The servers of each supernode that are idle throughout a request's hours. */
function idleServers(grid: HourGrid, request: HourRequest): number[][] {
  const { supernodes, serversPerSupernode } = grid.shape;
  return Array.from({ length: supernodes }, (_, supernode) => {
    const idle: number[] = [];
    const first = supernode * serversPerSupernode;
    for (let server = first; server < first + serversPerSupernode; server += 1)
      if (grid.isIdle(server, request)) idle.push(server);
    return idle;
  });
}
