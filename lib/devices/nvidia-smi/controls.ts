import { type CallOptions, DriverCode, DriverError } from '../types.ts';
import { codeOfText, failureOf } from './failure.ts';
import type { NvidiaServer } from './nvidia-server.ts';
import { isDraining, TOOL_TIMEOUT_MS, toolBusId } from './server-state.ts';

/** A reset takes longer than a question. */
const CONTROL_TIMEOUT_MS = 4 * TOOL_TIMEOUT_MS;

/** Runs a command that changes something. It may fail with status 0, so its words are read in any case. */
async function command(
  server: NvidiaServer,
  op: string,
  args: readonly string[],
  { signal, timeoutMs = CONTROL_TIMEOUT_MS }: CallOptions,
): Promise<void> {
  const result = await server.tools.nvidiaSmi.run(args, { timeoutMs, signal });
  const code = failureOf(result) ?? codeOfText(`${result.stdout}\n${result.stderr}`);
  if (code !== null) throw new DriverError(code, op);
}

/**
 * Drains a card or ends its drain. The library refuses to drain a card in persistence mode (`IN_USE`), in which data
 * centres keep all of theirs, so that is switched off before and on again after.
 */
export async function setDrain(server: NvidiaServer, busId: string, on: boolean, limits: CallOptions): Promise<void> {
  if (on && (await isPersistent(server, busId))) {
    await command(server, 'setDrain', ['-i', busId, '-pm', '0'], limits);
    server.unpersisted.add(busId);
  }
  try {
    await command(server, 'setDrain', ['drain', '-p', toolBusId(busId), '-m', on ? '1' : '0'], limits);
  } catch (error) {
    if (on) await persistAgain(server, busId, {});
    throw error;
  }
  if (!on) await persistAgain(server, busId, limits);
}

async function persistAgain(server: NvidiaServer, busId: string, limits: CallOptions): Promise<void> {
  if (!server.unpersisted.delete(busId)) return;
  await command(server, 'setDrain', ['-i', busId, '-pm', '1'], limits);
}

async function isPersistent(server: NvidiaServer, busId: string): Promise<boolean> {
  const { cards } = await server.state.run();
  return cards.ok && cards.value.get(busId)?.row('persistence') === 'Enabled';
}

/** Takes a drained card off the bus. */
export async function remove(server: NvidiaServer, busId: string, limits: CallOptions): Promise<void> {
  if (!(await isDraining(server.tools, busId))) throw new DriverError(DriverCode.INVALID_STATE, 'remove');
  await command(server, 'remove', ['drain', '-p', toolBusId(busId), '-r'], limits);
  server.removedBuses.add(busId);
}

/** Looks for the cards that we took off; where we took none, on the whole bus. They come back undrained. */
export async function rediscover(server: NvidiaServer, limits: CallOptions): Promise<void> {
  const missing = [...server.removedBuses];
  for (const busId of missing.length > 0 ? missing : ['00000000:00:00.0']) {
    await command(server, 'rediscover', ['drain', '-p', toolBusId(busId), '-d'], limits);
    server.removedBuses.delete(busId);
  }
}

/** Resets a card with its links. On Hopper with switches each card can be reset alone. */
export async function reset(server: NvidiaServer, busId: string, limits: CallOptions): Promise<void> {
  await command(server, 'reset', ['-i', busId, '-r'], limits);
}

/** The range is the tool's to check. */
export async function setPowerLimit(
  server: NvidiaServer,
  busId: string,
  milliwatts: number,
  limits: CallOptions,
): Promise<void> {
  if (!Number.isInteger(milliwatts) || milliwatts <= 0) {
    throw new DriverError(DriverCode.INVALID_ARGUMENT, 'setPowerLimit');
  }
  await command(server, 'setPowerLimit', ['-i', busId, '-pl', String(milliwatts / 1_000)], limits);
}

/** A card in use takes the mode down for its next reset, with status 0; that is taken back. */
export async function setPartitionMode(
  server: NvidiaServer,
  busId: string,
  on: boolean,
  limits: CallOptions,
): Promise<void> {
  try {
    await command(server, 'setPartitionMode', ['-i', busId, '-mig', on ? '1' : '0'], limits);
  } catch (error) {
    const isPending = error instanceof DriverError && error.code === DriverCode.IN_USE;
    if (isPending) await command(server, 'setPartitionMode', ['-i', busId, '-mig', on ? '0' : '1'], limits);
    throw error;
  }
}
