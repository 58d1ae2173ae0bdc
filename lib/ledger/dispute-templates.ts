import { invariant } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { move } from './templates.ts';
import type { Journal, JournalKind, Leg } from './types.ts';

/** A payment that the payer's bank took back for now. `fromWallet` + `owed` is what was disputed. */
export type Dispute = {
  readonly id: Id<'dispute'>;
  readonly organisationId: Id<'organisation'>;
  readonly provider: string;
  readonly fromWallet: Units;
  readonly owed: Units;
};

/** What a wallet can cover of a disputed amount; the rest is owed. A wallet never falls for a dispute. */
export function splitDispute(walletBalance: Units, amount: Units): Pick<Dispute, 'fromWallet' | 'owed'> {
  invariant(amount > 0n, 'a dispute is about something');
  const covered = walletBalance < 0n ? 0n : walletBalance < amount ? walletBalance : amount;
  return { fromWallet: units(covered), owed: units(amount - covered) };
}

function step(dispute: Dispute, key: string, kind: JournalKind, at: Instant, legs: Leg[]): Journal {
  const organisationId = kind === 'disputeOpened' || kind === 'disputeWon' ? null : dispute.organisationId;
  return {
    key: `${key}:${dispute.id}`,
    kind,
    organisationId,
    effectiveAt: at,
    source: { dispute: dispute.id, provider: dispute.provider },
    legs,
  };
}

const total = ({ fromWallet, owed }: Dispute): bigint => fromWallet + owed;

/** A dispute begins: the provider keeps the money from us, and we keep it from the customer. */
export function disputeOpened(d: Dispute, at: Instant): Journal[] {
  const disputed = chart.disputed(d.organisationId, d.id);
  return [
    step(
      d,
      'dispute',
      'disputeOpened',
      at,
      move(chart.disputeHeld(d.provider), chart.pspClearing(d.provider), total(d)),
    ),
    step(d, 'dispute-blocked', 'disputeBlocked', at, [
      ...move(chart.wallet(d.organisationId), disputed, d.fromWallet),
      ...move(chart.receivableDisputed(d.organisationId), disputed, d.owed),
    ]),
  ];
}

/** It is won: everything goes back as it came. */
export function disputeWon(d: Dispute, at: Instant): Journal[] {
  const disputed = chart.disputed(d.organisationId, d.id);
  return [
    step(
      d,
      'dispute-won',
      'disputeWon',
      at,
      move(chart.pspClearing(d.provider), chart.disputeHeld(d.provider), total(d)),
    ),
    step(d, 'dispute-unblocked', 'disputeUnblocked', at, [
      ...move(disputed, chart.wallet(d.organisationId), d.fromWallet),
      ...move(disputed, chart.receivableDisputed(d.organisationId), d.owed),
    ]),
  ];
}

/** It is lost: what the provider kept is gone, and so is what we kept. A debt of the customer stands. */
export function disputeLost(d: Dispute, at: Instant): Journal {
  const legs = move(chart.disputed(d.organisationId, d.id), chart.disputeHeld(d.provider), total(d));
  return step(d, 'dispute-lost', 'disputeLost', at, legs);
}
