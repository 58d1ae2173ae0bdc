import type { Instant } from '#lib/core/instant.ts';

/** Status codes of the management library. Numbers equal HGML's, which equal NVML's. */
export const DriverCode = {
  UNINITIALIZED: 1,
  INVALID_ARGUMENT: 2,
  NOT_SUPPORTED: 3,
  NO_PERMISSION: 4,
  NOT_FOUND: 6,
  DRIVER_NOT_LOADED: 9,
  TIMEOUT: 10,
  DEVICE_LOST: 15,
  RESET_REQUIRED: 16,
  OS_BLOCKED: 17,
  LIB_RM_MISMATCH: 18,
  IN_USE: 19,
  NO_DATA: 21,
  ARG_VERSION_MISMATCH: 25,
  NOT_READY: 27,
  INVALID_STATE: 29,
  RESET_TYPE_NOT_SUPPORTED: 30,
  UNKNOWN: 999,
} as const;
export type DriverCode = (typeof DriverCode)[keyof typeof DriverCode];

/** A call that failed as a whole: which operation, with which code, on which card (null: the server). */
export class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly code: DriverCode;
  readonly op: string;
  readonly uuid: string | null;

  constructor(code: DriverCode, op: string, uuid: string | null = null) {
    super(`${op} failed with code ${code}${uuid === null ? '' : ` on ${uuid}`}`);
    this.code = code;
    this.op = op;
    this.uuid = uuid;
  }
}

/** A value with the instant it was read, or the code that says why there is none. What is unknown is never 0. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly at: Instant }
  | { readonly ok: false; readonly code: DriverCode };
/** A reading whose instant nobody needs. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: DriverCode };
export type NumberReading = Reading<number>;

/** How to name a card to its driver. An index holds for this boot only: never store it. */
export type DeviceRef = { readonly uuid: string } | { readonly pciBusId: string } | { readonly index: number };

/** Every call is bounded: running out of time, or an abort, rejects with `TIMEOUT`. */
export type CallOptions = { readonly signal?: AbortSignal; readonly timeoutMs?: number };

/** Fault codes are read by architecture: the same number means something else on another one. */
export type DeviceArch = 'ppu001' | 'ppu0015' | 'hopper' | 'ascend910b' | 'unknown';
export type KnownArch = Exclude<DeviceArch, 'unknown'>;

export type SystemInfo = {
  readonly driver: string;
  readonly library: string;
  readonly runtime: string | null;
  readonly vendor: string;
};

export type DeviceInfo = {
  readonly uuid: string;
  readonly index: number;
  /** Minor number of the device node; it need not equal the ordinal in `deviceNode`. */
  readonly minor: number | null;
  readonly deviceNode: string;
  readonly pciBusId: string;
  /** Of the board, shared by the cards on it. */
  readonly serial: string | null;
  readonly model: string;
  readonly arch: DeviceArch;
  readonly numaNode: number | null;
  readonly cpuAffinity: string | null;
  readonly rearId: number | null;
  readonly memoryBytes: number;
  readonly computeUnits: number | null;
  readonly powerLimitDefaultMw: number | null;
  readonly icnLinks: number;
  readonly mig: 'off' | 'on' | 'unsupported';
};

/** The PCI view of a card, which stays when the driver no longer lists it. */
export type PresenceState = 'present' | 'draining' | 'removed' | 'lost';
export type Presence = { readonly pciBusId: string; readonly uuid: string | null; readonly state: PresenceState };

export const SAMPLE_FIELDS = [
  'utilPct',
  'memUtilPct',
  'memUsedBytes',
  'memUsableBytes',
  'powerMw',
  'powerLimitMw',
  'tempC',
  'memTempC',
  'cuClockMhz',
  'memClockMhz',
  'throttleBits',
  'pcieGen',
  'pcieWidth',
  'pcieReplay',
  'eccCorVol',
  'eccUncVol',
  'eccCorAgg',
  'eccUncAgg',
  'pagesRetired',
  'remapPending',
  'energyMj',
] as const;
/** Units end the names; `throttleBits` is HGML's mask; `energyMj` is millijoules since the driver was loaded. */
export type SampleField = (typeof SAMPLE_FIELDS)[number];

export type DeviceProcess = { readonly pid: number; readonly usedBytes: NumberReading; readonly name: string | null };

export type IcnLink = {
  readonly id: number;
  readonly state: 'active' | 'inactive' | 'sleep';
  readonly gigabytesPerSec: NumberReading;
  readonly txMegabytesPerSec: NumberReading;
  readonly rxMegabytesPerSec: NumberReading;
  readonly lanes: NumberReading;
  readonly upCount: NumberReading;
  readonly downCount: NumberReading;
  readonly fecCor: NumberReading;
  readonly fecUnc: NumberReading;
  readonly txErr: NumberReading;
  readonly rxErr: NumberReading;
  readonly remote: {
    readonly kind: 'ppu' | 'switch' | 'unknown';
    readonly pciBusId?: string;
    readonly link?: number;
  };
};

/** What the driver asks for before a card may work again. HGML: 0, 1, 2, 3, 4 and 20. */
export type RecoveryAction = 'none' | 'device_reset' | 'node_reboot' | 'drain_p2p' | 'drain_and_reset' | 'cold_reboot';

export type TopologyPath = 'SELF' | 'ICN' | 'PIX' | 'PXB' | 'PHB' | 'NODE' | 'SYS';

/** Square matrices in the order of `uuids`. `icnHops` is 0 on the diagonal and -1 where no ICN path leads. */
export type Topology = {
  readonly uuids: readonly string[];
  readonly path: readonly (readonly TopologyPath[])[];
  readonly icnBonded: readonly (readonly number[])[];
  readonly icnHops: readonly (readonly number[])[];
};

export type Fabric = {
  readonly clusterUuid: string;
  readonly cliqueId: number;
  readonly state: 'not_started' | 'in_progress' | 'completed';
  readonly health: 'healthy' | 'unhealthy' | 'limited_capacity';
};

export type DeviceEventBody =
  | { readonly type: 'xid'; readonly code: number }
  | { readonly type: 'ecc'; readonly bits: 1 | 2; readonly storm?: boolean }
  | { readonly type: 'retirement'; readonly failed: boolean }
  | { readonly type: 'poison'; readonly fatal: boolean }
  | { readonly type: 'unavailable' | 'pstate' | 'clock' | 'power' | 'partition' }
  | { readonly type: 'recovery_action'; readonly action: RecoveryAction }
  | { readonly type: 'driver'; readonly bound: boolean }
  | { readonly type: 'overflow'; readonly lost: number };
export type DeviceEventType = DeviceEventBody['type'];
/** What a subscription to everything names; an `overflow` comes with any. */
export const EVERY_EVENT = [
  'xid',
  'ecc',
  'retirement',
  'poison',
  'unavailable',
  'pstate',
  'clock',
  'power',
  'partition',
  'recovery_action',
  'driver',
] as const satisfies readonly DeviceEventType[];

/** `at` is when it happened, `seq` counts 0, 1, 2 … within one subscription, `uuid` null means the whole server. */
export type DeviceEvent = DeviceEventBody & {
  readonly seq: number;
  readonly at: Instant;
  readonly uuid: string | null;
  readonly instance?: { readonly gi: number; readonly ci: number };
};

/**
 * One subscription. It is live from the call that made it, not from the first `next()`. Every event comes once; a
 * full buffer drops and says so with an `overflow` event stamped with the first loss. Aborting ends the iteration;
 * a broken connection rejects it with a `DriverError`.
 */
export interface EventStream extends AsyncIterable<DeviceEvent> {
  /** Events emitted to this subscriber that it has not finished with; asking for the next one finishes the last. */
  readonly pending: number;
  /** Every event up to this instant has been put into the stream: how far silence proves anything. */
  readonly completeTo: Instant;
}

/**
 * The management interface of one server. `init` comes first (`UNINITIALIZED` otherwise) and may be repeated.
 * Failures of the server (`DRIVER_NOT_LOADED`, `LIB_RM_MISMATCH`) reject; failures of one card stand in its readings
 * where the result has readings. Control calls may reject `IN_USE`, `NO_PERMISSION`, `NOT_SUPPORTED`, `INVALID_STATE`.
 */
export interface DeviceDriver {
  init(options?: CallOptions): Promise<void>;
  shutdown(options?: CallOptions): Promise<void>;
  system(options?: CallOptions): Promise<SystemInfo>;
  /** Cards that can be worked with: drained, removed and lost ones are absent. */
  list(options?: CallOptions): Promise<readonly DeviceInfo[]>;
  presence(options?: CallOptions): Promise<readonly Presence[]>;
  info(ref: DeviceRef, options?: CallOptions): Promise<DeviceInfo>;
  sample<F extends SampleField>(
    ref: DeviceRef,
    fields: readonly F[],
    options?: CallOptions,
  ): Promise<Readonly<Record<F, NumberReading>>>;
  processes(ref: DeviceRef, options?: CallOptions): Promise<readonly DeviceProcess[]>;
  links(ref: DeviceRef, options?: CallOptions): Promise<readonly IcnLink[]>;
  topology(options?: CallOptions): Promise<Topology>;
  fabric(ref: DeviceRef, options?: CallOptions): Promise<Reading<Fabric>>;
  recoveryAction(ref: DeviceRef, options?: CallOptions): Promise<Reading<RecoveryAction>>;
  events(mask: readonly DeviceEventType[], signal: AbortSignal): EventStream;
  setDrain(pciBusId: string, on: boolean, options?: CallOptions): Promise<void>;
  remove(pciBusId: string, options?: CallOptions): Promise<void>;
  rediscover(options?: CallOptions): Promise<void>;
  reset(ref: DeviceRef, what: 'ppu' | 'icn' | 'ppu_icn', options?: CallOptions): Promise<void>;
  setPowerLimit(ref: DeviceRef, milliwatts: number, options?: CallOptions): Promise<void>;
  setPartitionMode(ref: DeviceRef, on: boolean, options?: CallOptions): Promise<void>;
}

export type PluginDevice = {
  readonly id: string;
  readonly health: 'Healthy' | 'Unhealthy';
  readonly numa: readonly number[];
};

/** What a container is given. The business word "allocation" is not this. */
export type PluginAllocation = {
  readonly envs: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly cdiDevices: readonly string[];
  readonly mounts: readonly { readonly containerPath: string; readonly hostPath: string; readonly readOnly: boolean }[];
  readonly devices: readonly {
    readonly containerPath: string;
    readonly hostPath: string;
    readonly permissions: string;
  }[];
};

export type PreferredRequest = {
  readonly available: readonly string[];
  readonly mustInclude: readonly string[];
  readonly size: number;
};

export type PluginOptions = { readonly preStartRequired: boolean; readonly preferredAllocation: boolean };

/** The scheduler-facing interface of one server, after the kubelet's device plugin `v1beta1`. It has no release. */
export interface DevicePlugin {
  readonly resourceName: string;
  options(): Promise<PluginOptions>;
  /** The full list at once and after every change of it. */
  listAndWatch(signal: AbortSignal): AsyncIterable<readonly PluginDevice[]>;
  getPreferredAllocation(requests: readonly PreferredRequest[]): Promise<readonly (readonly string[])[]>;
  allocate(requests: readonly { readonly deviceIds: readonly string[] }[]): Promise<readonly PluginAllocation[]>;
  preStartContainer(deviceIds: readonly string[]): Promise<void>;
}
