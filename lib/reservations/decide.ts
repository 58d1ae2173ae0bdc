import { invariant } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { accept } from '#lib/core/result.ts';
import { decideReserve } from './admission.ts';
import { decideSetAutoExtend } from './auto-extend.ts';
import type { PoolMind } from './book.ts';
import { decideCancel, decideExtend, decideRelease } from './changes.ts';
import { decideShrink } from './giving-back.ts';
import { decideRefund } from './refunding.ts';
import { decideCancelJob, decideQueueJob } from './queue/decide-job.ts';
import { decideCardAct } from './card-acts.ts';
import { explained } from './explaining.ts';
import { decideEndWindow, decidePlanDrain, decidePlanWindow } from './maintaining.ts';
import { decideSetSpares } from './spares.ts';
import { decideAccept, decideOffer, decideWithdraw } from './transfer.ts';
import type { Command } from './command-types.ts';
import type { Decision, Wallets } from './decision-types.ts';

/**
 * The one mind of a pool: decides a command from memory, wallets and time, and says what changes. Pure: the same
 * input gives the same decision, and nothing is changed until the engine applies it. `health`, `tick` and `queue` are taken
 * apart by the engine into single steps (`decideHealth`, `decideDue`), because each step sees the last one applied.
 */
export function decide(mind: PoolMind, command: Command, wallets: Wallets, now: Instant): Decision {
  const { payload } = command;
  switch (payload.kind) {
    case 'reserve':
      return explained(mind, command, decideReserve(mind, command, payload, wallets, now), now);
    case 'cancel':
      return decideCancel(mind, command, payload.reservationId, now);
    case 'release':
      return decideRelease(mind, command, payload.reservationId, now);
    case 'refund':
      return decideRefund(mind, command, payload.reservationId, now);
    case 'extend':
      return explained(mind, command, decideExtend(mind, command, payload, wallets, now), now);
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
    case 'planDrain':
      return decidePlanDrain(mind, command, payload, now);
    case 'planWindow':
      return decidePlanWindow(mind, command, payload, now);
    case 'endWindow':
      return decideEndWindow(mind, payload, now);
    case 'setSpares':
      return decideSetSpares(mind, command, payload, now);
    case 'queueJob':
      return decideQueueJob(mind, command, payload, now);
    case 'cancelQueuedJob':
      return decideCancelJob(mind, command, payload.jobId, now);
    case 'health':
    case 'tick':
    case 'queue':
      invariant(command.organisationId === null, 'only the engine reports health, time and the queue');
      return { answer: accept({ reservationId: null }), changes: [] };
  }
}
