import { invariant, present } from '#lib/core/assert.ts';
import { type Instant, later } from '#lib/core/instant.ts';
import { planScript } from './simulated-script.ts';
import type { EndReason, ExecutionBackend, Launch, RunStatus } from './types.ts';

/** A process of a host, as the host tells it. */
type HostProcess =
  | { readonly state: 'running' }
  | { readonly state: 'exited'; readonly code: number; readonly at: Instant }
  | { readonly state: 'killed'; readonly reason: string; readonly at: Instant };

/** What the backend needs of the hosts; the simulated fleet offers it. */
export interface HostPort {
  spawn(
    serverId: string,
    request: { uuids: readonly string[]; name: string; runSeconds: number; exitCode: number },
  ): number;
  kill(serverId: string, pid: number): void;
  process(serverId: string, pid: number): HostProcess | null;
}

type Run = {
  readonly pids: readonly { readonly serverId: string; readonly pid: number }[];
  readonly stopReason: EndReason | null;
};

const KILLED_BECAUSE: Readonly<Record<string, EndReason>> = {
  device_lost: 'cardLost',
  uncorrectable_ecc: 'cardLost',
  device_blocked: 'cardLost',
  server_reboot: 'hostLost',
};

/** Runs workloads as processes of simulated hosts: one a server, a gang that stands and falls together. */
export class SimulatedBackend implements ExecutionBackend {
  readonly #hosts: HostPort;
  readonly #runs = new Map<string, Run>();

  constructor(hosts: HostPort) {
    this.#hosts = hosts;
  }

  async launch(launch: Launch): Promise<void> {
    if (this.#runs.has(launch.workloadId)) return;
    invariant(launch.servers.length > 0, 'a workload runs somewhere');
    const { runSeconds, exitCode } = planScript(launch.command, launch.walltimeSeconds);
    const pids: { serverId: string; pid: number }[] = [];
    try {
      for (const { serverId, uuids } of launch.servers) {
        const rest = Math.max(0, runSeconds - launch.ranSeconds);
        pids.push({
          serverId,
          pid: this.#hosts.spawn(serverId, { uuids, name: launch.workloadId, runSeconds: rest, exitCode }),
        });
      }
    } catch (error) {
      for (const { serverId, pid } of pids) this.#hosts.kill(serverId, pid);
      throw error;
    }
    this.#runs.set(launch.workloadId, { pids, stopReason: null });
  }

  status(workloadId: string): RunStatus {
    const run = this.#runs.get(workloadId);
    if (!run) return { state: 'gone' };
    const processes = run.pids.map(({ serverId, pid }) => this.#hosts.process(serverId, pid));
    const killed = processes.find((process) => process?.state === 'killed');
    if (killed?.state === 'killed') {
      // One member down ends the gang.
      for (const { serverId, pid } of run.pids) this.#hosts.kill(serverId, pid);
      return {
        state: 'ended',
        reason: run.stopReason ?? KILLED_BECAUSE[killed.reason] ?? 'hostLost',
        exitCode: null,
        at: killed.at,
      };
    }
    if (processes.some((process) => process === null))
      return { state: 'ended', reason: 'hostLost', exitCode: null, at: 0 as Instant };
    const exited = processes.filter((process) => process?.state === 'exited');
    if (exited.length < processes.length) return { state: 'running' };
    const last = present(exited[0], 'an exited process');
    invariant(last.state === 'exited', 'an exited process has exited');
    const at = exited.reduce(
      (latest, process) => (process?.state === 'exited' ? later(latest, process.at) : latest),
      last.at,
    );
    return { state: 'ended', reason: run.stopReason ?? 'exited', exitCode: last.code, at };
  }

  stop(workloadId: string, reason: EndReason): void {
    const run = this.#runs.get(workloadId);
    if (!run) return;
    this.#runs.set(workloadId, { ...run, stopReason: reason });
    for (const { serverId, pid } of run.pids) this.#hosts.kill(serverId, pid);
  }

  forget(workloadId: string): void {
    this.#runs.delete(workloadId);
  }
}
