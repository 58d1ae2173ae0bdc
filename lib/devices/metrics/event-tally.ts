import type { DeviceEvent, DeviceEventType } from '../types.ts';

/** Counts the events of a fleet by type, and remembers the last XID of each card that raised one. */
export class EventTally {
  readonly #counts: Map<DeviceEventType, number>;
  readonly #lastXids = new Map<string, number>();

  /** `types` are those that are listened to: they are counted from 0, so that a first event is an increase. */
  constructor(types: readonly DeviceEventType[]) {
    this.#counts = new Map(types.map((type) => [type, 0]));
  }

  hear(event: DeviceEvent): void {
    this.#counts.set(event.type, (this.#counts.get(event.type) ?? 0) + 1);
    if (event.type === 'xid' && event.uuid !== null) this.#lastXids.set(event.uuid, event.code);
  }

  /** How many came of each type, in a stable order. */
  counts(): readonly (readonly [DeviceEventType, number])[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The code of the card's last XID; null when it raised none. */
  lastXid(uuid: string): number | null {
    return this.#lastXids.get(uuid) ?? null;
  }
}
