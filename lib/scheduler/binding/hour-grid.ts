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
  /** A bit per hour in which a server is not wholly free: whole servers are looked for far more often than taken. */
  readonly #busy: Uint32Array;
  readonly #wordsPerServer: number;

  constructor(shape: GridShape, like?: HourGrid) {
    this.shape = shape;
    this.serverCount = shape.supernodes * shape.serversPerSupernode;
    this.#wordsPerServer = Math.ceil(shape.hours / 32);
    if (like) {
      this.#free = like.#free.slice();
      this.#total = like.#total.slice();
      this.#busy = like.#busy.slice();
      return;
    }
    this.#free = new Int16Array(this.serverCount * shape.hours).fill(shape.cardsPerServer);
    this.#total = new Int32Array(shape.hours).fill(this.serverCount * shape.cardsPerServer);
    this.#busy = new Uint32Array(this.serverCount * this.#wordsPerServer);
  }

  /** Another grid with the same free cards. */
  copy(): HourGrid {
    return new HourGrid(this.shape, this);
  }

  /** Cards of a server that are free throughout a request's hours. */
  freeOn(server: number, request: HourRequest): number {
    if (this.isIdle(server, request)) return this.shape.cardsPerServer;
    const row = server * this.shape.hours;
    let least = this.shape.cardsPerServer;
    for (let hour = row + request.startHour; hour < row + request.endHour; hour += 1)
      least = Math.min(least, this.#free[hour] ?? 0);
    return least;
  }

  /** Whether a server is wholly free throughout a request's hours. */
  isIdle(server: number, { startHour, endHour }: HourRequest): boolean {
    const row = server * this.#wordsPerServer;
    const [first, last] = [startHour >>> 5, (endHour - 1) >>> 5];
    for (let word = first; word <= last; word += 1) {
      const fromStart = word === first ? -1 << (startHour & 31) : -1;
      const untilEnd = word === last ? -1 >>> (31 - ((endHour - 1) & 31)) : -1;
      if (((this.#busy[row + word] ?? 0) & fromStart & untilEnd) !== 0) return false;
    }
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
      const words = server * this.#wordsPerServer;
      for (let hour = startHour; hour < endHour; hour += 1) {
        const free = (this.#free[row + hour] ?? 0) + sign * cardsPerServer;
        this.#free[row + hour] = free;
        const word = words + (hour >>> 5);
        const bit = 1 << (hour & 31);
        const busy = this.#busy[word] ?? 0;
        this.#busy[word] = free === this.shape.cardsPerServer ? busy & ~bit : busy | bit;
      }
    }
    for (let hour = startHour; hour < endHour; hour += 1) this.#total[hour] = (this.#total[hour] ?? 0) + sign * cards;
  }
}
