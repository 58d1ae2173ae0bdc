import { invariant } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { accept } from '#lib/core/result.ts';
import { decideReserve } from './admission.ts';
import { decideSetAutoExtend } from './auto-extend.ts';
import type { PoolMind } from './book.ts';
import { decideCancel, decideExtend, decideRelease } from './changes.ts';
import { decideShrink } from './giving-back.ts';
import { decideCardAct } from './card-acts.ts';
import { decideAccept, decideOffer, decideWithdraw } from './transfer.ts';
import type { Command, Decision, Wallets } from './types.ts';

/**
 * The one mind of a pool: decides a command from memory, wallets and time, and says what changes. Pure: the same
 * input gives the same decision, and nothing is changed until the engine applies it. `health` and `tick` are taken
 * apart by the engine into single steps (`decideHealth`, `decideDue`), because each step sees the last one applied.
 */
export function decide(mind: PoolMind, command: Command, wallets: Wallets, now: Instant): Decision {
  const { payload } = command;
  switch (payload.kind) {
    case 'reserve':
      return decideReserve(mind, command, payload, wallets, now);
    case 'cancel':
      return decideCancel(mind, command, payload.reservationId, now);
    case 'release':
      return decideRelease(mind, command, payload.reservationId, now);
    case 'extend':
      return decideExtend(mind, command, payload, wallets, now);
    case 'setAutoExtend':
      return decideSetAutoExtend(mind, command, payload, now);
    case 'shrink':
      return decideShrink(mind, command, payload, now);
    case 'offerTransfer':
      return decideOffer(mind, command, payload, now);
    case 'withdrawTransfer':
      return decideWithdraw(mind, command, payload.reservationId, now);
    case 'acceptTransfer':
      return decideAccept(mind, command, payload, wallets, now);
    case 'cardAct':
      return decideCardAct(mind, command, payload, now);
    case 'health':
    case 'tick':
      invariant(command.organisationId === null, 'only the engine reports health and time');
      return { answer: accept({ reservationId: null }), changes: [] };
  }
}
