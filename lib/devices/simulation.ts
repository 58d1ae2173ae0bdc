import type { Instant } from '#lib/core/instant.ts';
import type { FaultLayer } from './fault-layer.ts';
import type { FaultRates } from './fault-rates.ts';
import type { DeviceFleet } from './fleet.ts';
import type { FaultInjector, FaultKind } from './fault-types.ts';
import type { TopologyPath } from './types.ts';

/** A server as our inventory knows it: the simulator invents no identity of its own. */
export type SimulatedNodeSpec = {
  readonly nodeId: string;
  /** A model that has a card profile. */
  readonly modelId: string;
  readonly driverVersion: string;
  readonly cards: readonly {
    readonly uuid: string;
    /** Null where a recording does not tell it. */
    readonly serial: string | null;
    readonly pciBusId: string;
    readonly slot: number;
    readonly numaNode: number;
    readonly recorded?: RecordedState;
  }[];
  /** How the cards are joined, in the order of `cards`; without a record, our wiring of the model says it. */
  readonly recordedPaths?: readonly (readonly TopologyPath[])[];
};

/** What a recording of a real card says of its first boot in the simulator. */
export type RecordedState = {
  readonly index: number;
  readonly minor: number;
  readonly cpuAffinity: string;
  readonly icnLinks: number;
  /** So many of them are up; what they lead to is not recorded. */
  readonly activeIcnLinks: number;
  readonly utilPct: number;
  /** Held, until the server is rebooted, by one process that the recording does not name. */
  readonly memUsedBytes: number;
  readonly powerMw: number;
  readonly tempC: number;
  readonly isPartitioned: boolean;
};

export type SimulatedWorldOptions = {
  readonly nodes: readonly SimulatedNodeSpec[];
  readonly seed: number;
  /** The world's first instant: nothing before it happens. */
  readonly startAt: Instant;
  /** Null: nothing breaks by itself. */
  readonly rates: FaultRates | null;
  /** Settings for models, servers and cards that differ from the rest. */
  readonly layer?: FaultLayer;
  /** Told of every fault that comes by itself, for those who check the rates. Must not throw. */
  readonly onFault?: (arrival: FaultArrival) => void;
  /** The world never lags behind this clock: every call first lets happen what is due. */
  readonly clock: () => Instant;
};

/** A fault that came by itself. `uuid` null: the server's driver. `hasStruck` false: nothing was left to break. */
export type FaultArrival = {
  readonly at: Instant;
  readonly nodeId: string;
  readonly uuid: string | null;
  readonly kind: FaultKind;
  readonly hasStruck: boolean;
};

/** A fault that waits for its remedy, as kept across a restart of the process. */
export type OpenFault = { readonly uuid: string; readonly kind: FaultKind; readonly since: Instant };

export type LoadProfileName = 'idle' | 'inference' | 'training';

export type SpawnRequest = {
  /** Cards of this server, each free to share with other processes. */
  readonly uuids: readonly string[];
  readonly name: string;
  /** Seconds of work at full speed; null runs until it is killed. */
  readonly runSeconds: number | null;
  readonly exitCode: number;
  readonly load: LoadProfileName;
  /** Seconds between a SIGTERM and the exit that follows it, for a checkpoint; 5 when not given. */
  readonly stopSeconds?: number;
};

export type KillReason =
  | 'signal'
  | 'device_lost'
  | 'uncorrectable_ecc'
  | 'device_blocked'
  | 'application_fault'
  | 'server_reboot';

export type ProcessState =
  | { readonly state: 'running'; readonly startedAt: Instant }
  | { readonly state: 'exited'; readonly startedAt: Instant; readonly code: number; readonly at: Instant }
  | { readonly state: 'killed'; readonly startedAt: Instant; readonly reason: KillReason; readonly at: Instant };

/** What only the host or its management controller can do. `driver_reinstall` renews the boot image too. */
export const HOST_ACTIONS = ['driver_restart', 'driver_reinstall', 'os_reboot', 'cold_reboot'] as const;
export type HostAction = (typeof HOST_ACTIONS)[number];

export function isHostAction(text: string): text is HostAction {
  return HOST_ACTIONS.some((action) => action === text);
}

/** What keeps the device nodes of a server open, as `lsof` would list it. */
export type DeviceHolder = { readonly pid: number; readonly name: string | null; readonly kind: 'process' | 'monitor' };

/** The stand-in for the container runtime and the management controller of one server. */
export type SimulatedHost = {
  /** Starts a process and returns its pid, unique on this host within this world. Throws `DriverError`. */
  spawn(request: SpawnRequest): number;
  /**
   * Starts a monitor (an exporter, a debugger): no driver lists it among its processes, yet nothing can be reset or
   * removed while it runs. It is a service: a reboot starts it again under another pid. Returns its pid.
   */
  startMonitor(name: string): number;
  holders(): DeviceHolder[];
  /** SIGKILL ends it now, SIGTERM after its stop time with code 143. False when it does not run. */
  kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean;
  /** Null when the pid was never given out, or ended so long ago that it is forgotten. */
  process(pid: number): ProcessState | null;
  /** Begins a repair; the driver is away until the instant returned, and the cards it helps come back then. */
  perform(action: HostAction): Instant;
};

/** A whole simulated fleet. */
export type SimulatedWorld = DeviceFleet & {
  host(nodeId: string): SimulatedHost;
  readonly injector: FaultInjector;
  /** Lets all that is due up to and including `at` happen, in order, at its own instant. Going back does nothing. */
  runTo(at: Instant): void;
  /** How often things break by themselves in the whole fleet, with the lemons that the seed drew. */
  faultsPerHour(): number;
  /** When something will next happen by itself; null when nothing is due within a year. */
  nextEventAt(): Instant | null;
  /** Faults that wait for their remedy, for {@link SimulatedWorld.restore} after a restart. */
  openFaults(): OpenFault[];
  /** Re-establishes open faults without announcing them; what would have ended by itself meanwhile is left out. */
  restore(faults: readonly OpenFault[]): void;
};
