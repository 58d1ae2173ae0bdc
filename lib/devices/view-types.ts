import type { Instant } from '#lib/core/instant.ts';

/** What a page shows of a card's newest sample. Null is what the device does not tell: it is unknown, never 0. */
export type CardReading = {
  readonly cardId: string;
  readonly sampledAt: Instant;
  readonly utilPct: number | null;
  readonly memUsedBytes: number | null;
  readonly memUsableBytes: number | null;
  readonly powerMw: number | null;
  readonly tempC: number | null;
};

/** The newest samples of a reservation's cards in one figure each; null where no card tells. */
export type ReadingSummary = {
  /** Cards that it has now, and of how many there is a sample of now. */
  readonly cards: number;
  readonly known: number;
  readonly sampledAt: Instant | null;
  readonly utilPctAverage: number | null;
  readonly powerMwTotal: number | null;
  readonly tempCMax: number | null;
  readonly memUsedBytesTotal: number | null;
  readonly memUsableBytesTotal: number | null;
};

/** What a workload is given on one server: device files and environment, as its device plugin granted them. */
export type ServerGrant = {
  readonly serverId: string;
  readonly serverPath: string;
  readonly grantedAt: Instant;
  readonly environment: Readonly<Record<string, string>>;
  readonly devices: readonly {
    readonly containerPath: string;
    readonly hostPath: string;
    readonly permissions: string;
  }[];
};
