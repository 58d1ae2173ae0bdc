import type { Instant } from '#lib/core/instant.ts';
import type { FaultRates } from './fault-rates.ts';
import type { DeviceFleet } from './fleet.ts';
import type { FaultInjector, FaultKind } from './types.ts';

/** A server as our inventory knows it: the simulator invents no identity of its own. */
export type SimulatedNodeSpec = {
  readonly nodeId: string;
  /** A model that has a card profile. */
  readonly modelId: string;
  readonly driverVersion: string;
  readonly cards: readonly {
    readonly uuid: string;
    readonly serial: string;
    readonly pciBusId: string;
    readonly slot: number;
    readonly numaNode: number;
  }[];
};

export type SimulatedWorldOptions = {
  readonly nodes: readonly SimulatedNodeSpec[];
  readonly seed: number;
  /** The world's first instant: nothing before it happens. */
  readonly startAt: Instant;
  /** Null: nothing breaks by itself. */
  readonly rates: FaultRates | null;
  /** The world never lags behind this clock: every call first lets happen what is due. */
  readonly clock: () => Instant;
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

/** What only the host or its management controller can do. */
export type HostAction = 'driver_restart' | 'os_reboot' | 'cold_reboot';

/** The stand-in for the container runtime and the management controller of one server. */
export type SimulatedHost = {
  /** Starts a process and returns its pid, unique on this host within this world. Throws `DriverError`. */
  spawn(request: SpawnRequest): number;
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
  /** When something will next happen by itself; null when nothing is due within a year. */
  nextEventAt(): Instant | null;
  /** Faults that wait for their remedy, for {@link SimulatedWorld.restore} after a restart. */
  openFaults(): OpenFault[];
  /** Re-establishes open faults without announcing them; what would have ended by itself meanwhile is left out. */
  restore(faults: readonly OpenFault[]): void;
};
