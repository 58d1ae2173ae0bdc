import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Moves business time and waits until the engine is there; answers the new time. */
async function move(wish: string): Promise<Date> {
  const script = path.resolve('e2e/support/move-clock.ts');
  const { stdout } = await execute(process.execPath, ['--conditions=react-server', script, wish]);
  return new Date(stdout.trim());
}

/** Runs the demo clock on by so many seconds. */
export async function passSeconds(seconds: number): Promise<Date> {
  return move(`+${seconds}`);
}

/** Runs the demo clock on to an instant that is still to come. */
export async function passTo(at: Date): Promise<Date> {
  return move(at.toISOString());
}
