import { z } from 'zod';
import type { ToolCommand, ToolResult } from '../tool/command.ts';
import { refusingTool } from '../tool/refusing-tool.ts';
import { DriverCode, DriverError } from '../types.ts';
import type { NvidiaTools } from './tools.ts';

/** `recorded`: printed by the tools of a real server. `composed`: written by us in their layouts. */
export const recordingSchema = z.object({
  origin: z.enum(['recorded', 'composed']),
  /** Where, of what, and in which state. */
  note: z.string(),
  /** An instant as text, by the clock of whoever recorded. */
  at: z.string(),
  runs: z.array(
    z.object({
      tool: z.enum(['nvidiaSmi', 'lspci', 'grep', 'journalctl']),
      args: z.array(z.string()),
      exitCode: z.number().int(),
      stdout: z.string(),
      stderr: z.string(),
    }),
  ),
});
export type Recording = z.infer<typeof recordingSchema>;
type RecordedRun = Recording['runs'][number];

const TOOLS = ['nvidiaSmi', 'lspci', 'grep'] as const;

/** The same tools, with everything that they print kept. The kernel's log stays where it is: it is not ours to copy. */
export function recordingTools(tools: NvidiaTools): { readonly tools: NvidiaTools; readonly runs: RecordedRun[] } {
  const runs: RecordedRun[] = [];
  const keep = (tool: (typeof TOOLS)[number]): ToolCommand => ({
    run: async (args, options) => {
      const result = await tools[tool].run(args, options);
      runs.push({ tool, args: [...args], ...result });
      return result;
    },
    follow: (args, signal) => tools[tool].follow(args, signal),
  });
  return {
    runs,
    tools: { nvidiaSmi: keep('nvidiaSmi'), lspci: keep('lspci'), grep: keep('grep'), journalctl: SILENT },
  };
}

/** Tools that print what was recorded, the last time that each command was run. They change nothing. */
export function playedTools({ runs }: Recording): NvidiaTools {
  const results = new Map<string, ToolResult>();
  for (const { tool, args, exitCode, stdout, stderr } of runs) {
    results.set(commandOf(tool, args), { exitCode, stdout, stderr });
  }
  const play = (tool: (typeof TOOLS)[number]): ToolCommand => ({
    run: async (args) => {
      const result = results.get(commandOf(tool, args));
      if (!result) throw new DriverError(DriverCode.NOT_SUPPORTED, commandOf(tool, args));
      return result;
    },
    follow: SILENT.follow,
  });
  return { nvidiaSmi: play('nvidiaSmi'), lspci: play('lspci'), grep: play('grep'), journalctl: SILENT };
}

function commandOf(tool: string, args: readonly string[]): string {
  return [tool, ...args].join(' ');
}

/** A log that cannot be had: events break at once, and everything else works. */
const SILENT = refusingTool('journalctl', DriverCode.NOT_SUPPORTED);
