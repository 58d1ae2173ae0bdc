import { type DriverCode, DriverError } from '../types.ts';
import type { ToolCommand } from './command.ts';

/** A tool that cannot be had: whatever is asked of it rejects with this code. */
export function refusingTool(name: string, code: DriverCode): ToolCommand {
  const refuse = (): Promise<never> => Promise.reject(new DriverError(code, name));
  return { run: refuse, follow: () => ({ [Symbol.asyncIterator]: () => ({ next: refuse }) }) };
}
