/** A site as the grid sees it: supernodes of equal servers of equal cards. */
export type GridShape = {
  readonly supernodes: number;
  readonly serversPerSupernode: number;
  readonly cardsPerServer: number;
  /** Hours that the grid covers, from hour 0. */
  readonly hours: number;
};

/** So many cards over whole hours `[startHour, endHour)`. */
export type HourRequest = {
  /** Order of booking, unique: the last tie-break. */
  readonly sequence: number;
  readonly cards: number;
  readonly startHour: number;
  readonly endHour: number;
};

/** A request on the servers that it is placed on, the same number of cards on each. */
export type HourPlacement = { readonly servers: readonly number[]; readonly cardsPerServer: number };

/** Free cards of every server and of the whole site in every hour. Copied to try something out. */
export class HourGrid {
  readonly shape: GridShape;
  readonly serverCount: number;
  readonly #free: Int16Array;
  readonly #total: Int32Array;

  constructor(shape: GridShape) {
    this.shape = shape;
    this.serverCount = shape.supernodes * shape.serversPerSupernode;
    this.#free = new Int16Array(this.serverCount * shape.hours).fill(shape.cardsPerServer);
    this.#total = new Int32Array(shape.hours).fill(this.serverCount * shape.cardsPerServer);
  }

  /** Another grid with the same free cards. */
  copy(): HourGrid {
    const copy = new HourGrid(this.shape);
    copy.#free.set(this.#free);
    copy.#total.set(this.#total);
    return copy;
  }

  /** Cards of a server that are free throughout a request's hours. */
  freeOn(server: number, request: HourRequest): number {
    const row = server * this.shape.hours;
    let least = this.shape.cardsPerServer;
    for (let hour = row + request.startHour; hour < row + request.endHour; hour += 1)
      least = Math.min(least, this.#free[hour] ?? 0);
    return least;
  }

  /** Whether a server is wholly free throughout a request's hours. */
  isIdle(server: number, request: HourRequest): boolean {
    const row = server * this.shape.hours;
    for (let hour = row + request.startHour; hour < row + request.endHour; hour += 1)
      if (this.#free[hour] !== this.shape.cardsPerServer) return false;
    return true;
  }

  /** Whether every hour of a request has as many free cards in total as it asks for, wherever they are. */
  hasTotal(request: HourRequest): boolean {
    for (let hour = request.startHour; hour < request.endHour; hour += 1)
      if ((this.#total[hour] ?? 0) < request.cards) return false;
    return true;
  }

  /** Takes a placement's cards for a request's hours, or gives them back. */
  take(request: HourRequest, placement: HourPlacement): void {
    this.#change(request, placement, -1);
  }

  giveBack(request: HourRequest, placement: HourPlacement): void {
    this.#change(request, placement, 1);
  }

  /** The fewest free cards on some servers in a request's hours: below zero something is promised twice. */
  leastFreeOn(servers: readonly number[], request: HourRequest): number {
    return servers.reduce((least, server) => Math.min(least, this.freeOn(server, request)), this.shape.cardsPerServer);
  }

  #change({ cards, startHour, endHour }: HourRequest, { servers, cardsPerServer }: HourPlacement, sign: 1 | -1): void {
    for (const server of servers) {
      const row = server * this.shape.hours;
      for (let hour = row + startHour; hour < row + endHour; hour += 1)
        this.#free[hour] = (this.#free[hour] ?? 0) + sign * cardsPerServer;
    }
    for (let hour = startHour; hour < endHour; hour += 1) this.#total[hour] = (this.#total[hour] ?? 0) + sign * cards;
  }
}
