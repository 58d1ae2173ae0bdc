import { type Instant, plusSeconds, SECOND_MS } from '#lib/core/instant.ts';
import type { KillReason, ProcessState, SpawnRequest } from '../simulation.ts';
import { DriverCode, DriverError } from '../types.ts';
import { failureOf } from './faults.ts';
import { refreshNode } from './pace.ts';
import { idlePowerW } from './physics.ts';
import { type Load, LOADS } from './loads.ts';
import { driverFailure, isBound, type Sim, type SimCard, type SimNode, type SimProcess } from './state.ts';

const STOP_SECONDS_DEFAULT = 5;
/** What a shell reports of a program that SIGTERM ended. */
const SIGTERM_EXIT_CODE = 143;
const ENDED_KEPT_MAX = 1_024;

/** Starts a process on cards of a server. Throws `DriverError` when the driver would refuse its context. */
export function spawnProcess(sim: Sim, node: SimNode, request: SpawnRequest): SimProcess {
  const { uuids, runSeconds, stopSeconds = STOP_SECONDS_DEFAULT } = request;
  const isSane = [runSeconds ?? 0, stopSeconds].every((seconds) => Number.isFinite(seconds) && seconds >= 0);
  if (uuids.length === 0 || new Set(uuids).size !== uuids.length || !isSane) refuse(DriverCode.INVALID_ARGUMENT, null);
  const cards = uuids.map((uuid) => requireOpenCard(node, uuid));
  return start(sim, node, {
    name: request.name,
    cards,
    load: LOADS[request.load],
    exitCode: request.exitCode,
    stopSeconds,
    workLeftMs: runSeconds === null ? null : runSeconds * SECOND_MS,
  });
}

/** Starts what held a card's memory, or kept it busy, when it was recorded; nobody wrote down its name. */
export function startRecorded(sim: Sim, card: SimCard): void {
  const { recorded, node, figures } = card;
  if (!recorded || (recorded.memUsedBytes === 0 && recorded.utilPct === 0)) return;
  const idleW = idlePowerW(figures, card.key);
  const wantedW = recorded.powerMw / 1_000 - idleW;
  const load: Load = {
    utilPct: recorded.utilPct,
    memUtilPct: 0,
    memoryShare: recorded.memUsedBytes / figures.memoryBytes,
    powerShare: Math.max(0, Math.min(1, wantedW / (figures.powerLimitDefaultMw / 1_000 - idleW))),
    icnShare: 0,
  };
  const rest = { name: null, exitCode: 0, stopSeconds: STOP_SECONDS_DEFAULT, workLeftMs: null };
  start(sim, node, { ...rest, cards: [card], load });
  card.segment = { ...card.segment, startC: card.segment.endC };
}

type NewProcess = Pick<SimProcess, 'name' | 'cards' | 'load' | 'exitCode' | 'stopSeconds' | 'workLeftMs'>;

function start(sim: Sim, node: SimNode, asked: NewProcess): SimProcess {
  const process: SimProcess = {
    ...asked,
    pid: takePid(node),
    state: { state: 'running', startedAt: sim.now },
    pacedAt: sim.now,
    speed: 1,
    stopAt: null,
    exit: null,
  };
  node.processes.set(process.pid, process);
  for (const card of process.cards) card.processes.push(process);
  refresh(sim, node);
  return process;
}

/** The next pid of a server, given once. */
export function takePid(node: SimNode): number {
  const pid = node.nextPid;
  node.nextPid += 1;
  return pid;
}

/** Sends a signal; false when the process does not run. */
export function signalProcess(sim: Sim, node: SimNode, pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  const process = node.processes.get(pid);
  if (process?.state.state !== 'running') return false;
  if (signal === 'SIGKILL') {
    killProcesses(sim, node, [process], 'signal');
  } else {
    process.stopAt ??= plusSeconds(sim.now, process.stopSeconds);
    refresh(sim, node);
  }
  return true;
}

/** Kills processes now, and gives the cards' share back. */
export function killProcesses(sim: Sim, node: SimNode, doomed: readonly SimProcess[], reason: KillReason): void {
  for (const process of doomed) {
    end(node, process, { state: 'killed', startedAt: process.state.startedAt, reason, at: sim.now });
  }
  if (doomed.length > 0) refresh(sim, node);
}

/** Brings the server in line after a change that processes feel. */
export function refresh(sim: Sim, node: SimNode): void {
  refreshNode(sim, node, (process, at) => exit(sim, node, process, at));
}

function exit(sim: Sim, node: SimNode, process: SimProcess, at: Instant): void {
  const { startedAt } = process.state;
  const code = process.stopAt === at ? SIGTERM_EXIT_CODE : process.exitCode;
  end(node, process, { state: 'exited', startedAt, code, at });
  refresh(sim, node);
}

function end(node: SimNode, process: SimProcess, state: ProcessState): void {
  process.state = state;
  if (process.exit) process.exit.isOff = true;
  for (const card of process.cards) card.processes = card.processes.filter((other) => other !== process);
  forgetOldest(node);
}

/** The table of a host that runs for months must not grow for ever. */
function forgetOldest(node: SimNode): void {
  if (node.processes.size <= ENDED_KEPT_MAX) return;
  for (const [pid, { state }] of node.processes) {
    if (state.state === 'running') continue;
    node.processes.delete(pid);
    return;
  }
}

function requireOpenCard(node: SimNode, uuid: string): SimCard {
  const driver = driverFailure(node);
  if (driver !== null) refuse(driver, uuid);
  const card = node.cards.find((candidate) => candidate.uuid === uuid);
  if (!card || card.isRemoved || !isBound(card)) return refuse(DriverCode.NOT_FOUND, uuid);
  const failure = failureOf(card);
  if (failure !== null) refuse(failure, uuid);
  return card.isDraining ? refuse(DriverCode.INVALID_STATE, uuid) : card;
}

function refuse(code: DriverCode, uuid: string | null): never {
  throw new DriverError(code, 'spawn', uuid);
}
