import type { Recovery } from '#lib/devices/request-types.ts';
import type { Messages } from '#lib/i18n/messages.ts';

export type Steps = keyof Messages['faults']['steps'];

/** What a fault asks for: in which words, and which recovery it ends with. */
export type NextStep = { readonly steps: Steps; readonly recovery: Recovery | null };

const DRIVER_KINDS: ReadonlySet<string> = new Set(['driver_not_loaded', 'driver_mismatch']);
/** Its driver does not know the card, so nothing but a boot of the server gives it back. */
const UNBOUND_KIND = 'driver_not_bound';
const UNREAD_KINDS: ReadonlySet<string> = new Set(['reads_failing', 'events_lost', 'stream_broken']);

const BY_ACTION: Readonly<Record<string, NextStep>> = {
  device_reset: { steps: 'device_reset', recovery: 'device_reset' },
  drain_and_reset: { steps: 'drain_and_reset', recovery: 'device_reset' },
  drain_p2p: { steps: 'drain_p2p', recovery: null },
  node_reboot: { steps: 'node_reboot', recovery: 'os_reboot' },
  cold_reboot: { steps: 'cold_reboot', recovery: 'cold_reboot' },
};

/** What to do next about a fault, from its verdict and the recovery that the device layer advises. */
export function nextStep({ kind, action }: { readonly kind: string; readonly action: string }): NextStep {
  if (DRIVER_KINDS.has(kind)) return { steps: 'driver', recovery: 'driver_restart' };
  if (kind === UNBOUND_KIND) return { steps: 'node_reboot', recovery: 'os_reboot' };
  if (UNREAD_KINDS.has(kind)) return { steps: 'unread', recovery: null };
  return BY_ACTION[action] ?? { steps: 'none', recovery: null };
}
