import { createHash } from 'node:crypto';
import { present } from '#lib/core/assert.ts';
import type { FaultKind } from '../fault-types.ts';
import { type DeviceDriver, type DeviceEvent, type DeviceEventType, type EventStream, EVERY_EVENT } from '../types.ts';
import type { FaultArrival } from '../simulation.ts';
import type { HealthChange } from '../watched-cards.ts';

type Ear = {
  readonly nodeId: string;
  readonly stream: EventStream;
  readonly events: AsyncIterator<DeviceEvent>;
  /** Asked for before it is there: an event counts as pending until the next one is asked for. */
  asked: Promise<IteratorResult<DeviceEvent>>;
};

/** Everything that a fleet told, counted, and hashed in order, so that two runs can be compared. */
export class FleetHistory {
  readonly events: Partial<Record<DeviceEventType, number>> = {};
  readonly faults: Partial<Record<FaultKind, number>> = {};
  faultsTotal = 0;
  faultsWithoutEffect = 0;
  readonly #hash = createHash('sha256');
  readonly #ears: Ear[] = [];

  /** Listens to a server from now on. */
  listenTo(nodeId: string, driver: DeviceDriver, signal: AbortSignal): void {
    const stream = driver.events(EVERY_EVENT, signal);
    const events = stream[Symbol.asyncIterator]();
    this.#ears.push({ nodeId, stream, events, asked: events.next() });
  }

  /** Takes in every event told since the last time, server by server. */
  async hear(): Promise<void> {
    for (const ear of this.#ears) {
      while (ear.stream.pending > 0) {
        const { value } = await ear.asked;
        this.#hearOne(ear.nodeId, present(value, `an event of ${ear.nodeId}`));
        ear.asked = ear.events.next();
      }
    }
  }

  /** Takes in a fault that came by itself. */
  strike({ at, nodeId, uuid, kind, hasStruck }: FaultArrival): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
    this.faultsTotal += 1;
    if (!hasStruck) this.faultsWithoutEffect += 1;
    this.note('fault', at, nodeId, uuid, kind, hasStruck);
  }

  /** Takes in changes of health that became known together, in an order that does not depend on who was read first. */
  change(changes: readonly HealthChange[]): void {
    const lines = changes.map(({ nodeId, uuid, since, verdict }) =>
      [nodeId, uuid, since, ...Object.values(verdict)].join(' '),
    );
    for (const line of lines.sort()) this.note('health', line);
  }

  /** Adds anything to the history. */
  note(...words: readonly unknown[]): void {
    this.#hash.update(`${words.join(' ')}\n`);
  }

  /** SHA-256 of the history so far. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  #hearOne(nodeId: string, { seq, at, uuid, type, ...rest }: DeviceEvent): void {
    this.events[type] = (this.events[type] ?? 0) + 1;
    this.note('event', nodeId, seq, at, uuid, type, JSON.stringify(rest));
  }
}
