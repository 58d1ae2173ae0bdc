import type { Instant } from '#lib/core/instant.ts';
import type { FaultKind } from './fault-types.ts';
import { type Recovery, RECOVERIES } from './request-types.ts';
import type { OpenFault } from './simulation.ts';

/**
 * Faults of which no device says a word, and what mends them. No verdict remembers them, so after a restart they are known
 * from what ops asked for alone; those that came by themselves are gone with the process.
 */
export const SILENT_FAULTS = {
  silent_slow: ['cold_reboot'],
  sdc: ['cold_reboot'],
  stale_initramfs: ['driver_reinstall'],
} as const satisfies Partial<Record<FaultKind, readonly Recovery[]>>;
type SilentFault = keyof typeof SILENT_FAULTS;

/** The kinds of requests that silent faults follow from. */
export const SILENT_FAULT_REQUESTS: readonly string[] = [...Object.keys(SILENT_FAULTS), ...RECOVERIES];

/** A request that was carried out: of a fault, or of a repair. `uuid` is the card meant, or any card of the server meant. */
export type DoneRequest = {
  readonly kind: string;
  readonly serverId: string;
  readonly uuid: string;
  readonly at: Instant;
};

/** The silent faults still open after requests, in the order in which these were carried out. */
export function silentFaultsAfter(requests: readonly DoneRequest[]): OpenFault[] {
  let open: readonly (DoneRequest & { readonly kind: SilentFault })[] = [];
  for (const request of requests) {
    const { kind, serverId, uuid } = request;
    if (isSilent(kind)) {
      const isKnown = open.some((other) => other.kind === kind && other.uuid === uuid);
      if (!isKnown) open = [...open, { ...request, kind }];
    } else {
      open = open.filter((fault) => fault.serverId !== serverId || !mendedBy(fault.kind).includes(kind));
    }
  }
  return open.map(({ kind, uuid, at }) => ({ kind, uuid, since: at }));
}

function isSilent(kind: string): kind is SilentFault {
  return kind in SILENT_FAULTS;
}

function mendedBy(kind: SilentFault): readonly string[] {
  return SILENT_FAULTS[kind];
}
