import type { QueuedJob } from '../queue-types.ts';

/** Jobs of one shape ask for the same cards in the same layout. */
export function shapeOf({ cards, topology }: Pick<QueuedJob, 'cards' | 'topology'>): string {
  return `${cards} ${topology}`;
}

/**
 * What was tried in vain in a round, so that of the many jobs that ask for the same only the first is looked at. What has
 * no room has none for longer either, and what starts meanwhile only takes room; who was in the way of the first in line
 * may not be once something started, because other servers would be chosen.
 */
export class Tried {
  /** The shortest walltime that had no room, by shape. */
  readonly #noRoomMs = new Map<string, number>();
  readonly #inTheWay = new Set<string>();

  has(job: QueuedJob): boolean {
    const shape = shapeOf(job);
    const least = this.#noRoomMs.get(shape);
    return (least !== undefined && job.walltimeMs >= least) || this.#inTheWay.has(`${shape} ${job.walltimeMs}`);
  }

  /** Notes that a job, which {@link has} did not know of, has no room. */
  addNoRoom(job: QueuedJob): void {
    this.#noRoomMs.set(shapeOf(job), job.walltimeMs);
  }

  /** Notes that a job would delay the first in line. */
  addInTheWay(job: QueuedJob): void {
    this.#inTheWay.add(`${shapeOf(job)} ${job.walltimeMs}`);
  }

  /** Something started: there is less room, and it is elsewhere. */
  somethingStarted(): void {
    this.#inTheWay.clear();
  }
}
