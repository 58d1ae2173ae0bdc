import type { FapiaoKind, FapiaoState } from './types.ts';

/**
 * Where a fapiao goes from each state. A red one waits for its red letter before it can be issued. The database holds
 * the same table and refuses any other step.
 */
export const NEXT_STATES = {
  blue: {
    requested: ['issuing', 'refused', 'withdrawn'],
    confirmed: [],
    issuing: ['issued', 'refused'],
    issued: [],
    refused: [],
    withdrawn: [],
  },
  red: {
    requested: ['confirmed', 'refused', 'withdrawn'],
    confirmed: ['issuing', 'refused'],
    issuing: ['issued', 'refused'],
    issued: [],
    refused: [],
    withdrawn: [],
  },
} as const satisfies Record<FapiaoKind, Record<FapiaoState, readonly FapiaoState[]>>;

/** Whether a fapiao can go to a state from where it is. */
export function canBecome(
  fapiao: { readonly kind: FapiaoKind; readonly state: FapiaoState },
  to: FapiaoState,
): boolean {
  const next: readonly FapiaoState[] = NEXT_STATES[fapiao.kind][fapiao.state];
  return next.includes(to);
}
