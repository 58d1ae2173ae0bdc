import type { Instant } from '#lib/core/instant.ts';
import type { ToolCommand } from '../tool/command.ts';

/** What it takes to reach a server's cards through the vendor's tool, wherever it runs. */
export type PpuSmiConnection = {
  readonly ppuSmi: ToolCommand;
  /** The PCI view, for telling a drained card from a lost one; null where it cannot be had. */
  readonly lspci: ToolCommand | null;
  readonly now: () => Instant;
  /** The minor number of a device node of that server; null when it cannot be looked at from here. */
  readonly nodeMinor?: (path: string) => Promise<number | null>;
  /** Waits before the tool is tried again while its driver is away. */
  readonly pause: (signal: AbortSignal) => Promise<void>;
  /** How long one run of the tool may take; 5,000 when not given. */
  readonly timeoutMs?: number;
  /** After how long without a heartbeat the event stream counts as broken; when not given, 10,000 or as long as one run. */
  readonly silenceMsMax?: number;
};

export const TIMEOUT_MS = 5_000;
export const RESET_TIMEOUT_MS = 60_000;
export const SILENCE_MS_MAX = 10_000;
