import { normalisePciBusId } from '../pci.ts';
import type { ToolCommand, ToolRunOptions } from '../tool/command.ts';
import { readTool, unreadable } from './tool-text.ts';

/** A card as the bus shows it. One that fell off answers with all bits set, so its revision reads as `ff`. */
export type BusEntry = { readonly pciBusId: string; readonly isSilent: boolean };

/** Reads `lspci -D -d …`. Throws `UNKNOWN` for a line that is not of it. */
export function parseLspci(text: string): BusEntry[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const pciBusId = normalisePciBusId(line.split(' ')[0] ?? '');
      if (pciBusId === null || !text.endsWith('\n')) throw unreadable('lspci');
      return { pciBusId, isSilent: /\(rev ff\)/.test(line) };
    });
}

/** Asks whether a card is being drained. Rejects `UNKNOWN` for an answer that does not say. */
export function readDrain(ppuSmi: ToolCommand, pciBusId: string, options: ToolRunOptions): Promise<boolean> {
  return readTool(ppuSmi, ['drain', '-p', drainBusId(pciBusId), '-q'], options, parseDrainState);
}

function parseDrainState(text: string): boolean {
  const state = /drain state of .* is: (not draining|draining)/i.exec(text)?.[1];
  if (state === undefined) throw unreadable('drain -q');
  return state.toLowerCase() === 'draining';
}

/** A bus id as `drain -p` takes it: a domain of four digits. */
export function drainBusId(pciBusId: string): string {
  return pciBusId.replace(/^0000(?=[0-9a-f]{4}:)/, '');
}
