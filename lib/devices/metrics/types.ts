import type { Instant } from '#lib/core/instant.ts';
import type { HealthVerdict } from '../health.ts';
import type { DeviceDriver, IcnLink, NumberReading, SampleField } from '../types.ts';
import type { EventTally } from './event-tally.ts';

/** A server whose cards are measured, by our ids. `driver` is initialised by whoever owns it. */
export type MetricServer = {
  readonly serverId: string;
  readonly hostname: string;
  readonly supernodeId: string;
  readonly driver: DeviceDriver;
  readonly cards: readonly { readonly cardId: string; readonly uuid: string }[];
};

/** What is known of health without reading a card; a `FleetWatch` is one. */
export type HealthView = {
  verdict(uuid: string): HealthVerdict | null;
  /** Servers whose events nobody hears now. */
  gaps(): readonly string[];
};

/** The cards of one pool as metrics see them: names, drivers, and what a watch over them has concluded. No tenant. */
export type MetricFleet = {
  readonly siteId: string;
  readonly poolId: string;
  readonly modelId: string;
  readonly servers: readonly MetricServer[];
  readonly health: HealthView;
  readonly events: EventTally;
  /** The time of this fleet, for the age of readings. */
  readonly clock: () => Instant;
};

/** Everything that the families of a card are made of. Null: the card, or its server, did not answer. */
export type CardView = {
  readonly sample: Readonly<Record<SampleField, NumberReading>> | null;
  readonly links: readonly IcnLink[] | null;
  readonly verdict: HealthVerdict | null;
  /** The code of the last XID heard; 0 when none was, null when nobody listens. */
  readonly lastXid: number | null;
};
