import { processCommand, type ToolCommand } from '../tool/command.ts';

/** The commands by which a server with NVIDIA cards is reached, wherever they run. */
export type NvidiaTools = {
  readonly nvidiaSmi: ToolCommand;
  /** The PCI view, which stays when the driver no longer lists a card. */
  readonly lspci: ToolCommand;
  /** Reads `/proc/driver/nvidia`, the only place besides the report for people where a card's minor number stands. */
  readonly grep: ToolCommand;
  /** The kernel's log, where XIDs are written. */
  readonly journalctl: ToolCommand;
};

/** The tools of this host, or of one behind a command that runs its arguments elsewhere, such as `ssh` and a name. */
export function nvidiaTools(elsewhere: readonly string[] = []): NvidiaTools {
  const [runner, ...before] = elsewhere;
  const tool = (name: string): ToolCommand =>
    runner === undefined ? processCommand(name) : processCommand(runner, [...before, name]);
  return { nvidiaSmi: tool('nvidia-smi'), lspci: tool('lspci'), grep: tool('grep'), journalctl: tool('journalctl') };
}
