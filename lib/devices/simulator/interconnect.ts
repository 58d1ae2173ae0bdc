import { hasFault, type SimCard, type SimNode } from './state.ts';

/** A card's port, its partner, and the state that both ends share. */
export type Port = {
  readonly link: number;
  /** Null: nothing is plugged in, or the slot at the other end is empty. */
  readonly remote: { readonly card: SimCard; readonly link: number } | 'switch' | null;
  readonly isUp: boolean;
  readonly isHalfWidth: boolean;
};

/** The ports of a card as they are now. A wire has two ends: a fault at either shows at both. */
export function portsOf(card: SimCard): Port[] {
  return (card.node.wiring[card.slot] ?? []).map((end, link) => {
    const remote = end === null || end === 'switch' ? end : farEnd(card.node, end.slot, end.link);
    const isFaulty = (kind: 'icn_down' | 'icn_half_width'): boolean =>
      hasLinkFault(card, link, kind) || (isCardEnd(remote) && hasLinkFault(remote.card, remote.link, kind));
    const isOff = !canJoin(card) || (isCardEnd(remote) && !canJoin(remote.card));
    return {
      link,
      remote,
      isUp: remote !== null && !isOff && !isFaulty('icn_down'),
      isHalfWidth: isFaulty('icn_half_width'),
    };
  });
}

/** True when a faulty wire ends at this card, on which collectives of several cards hang. */
export function hasFaultyWire(card: SimCard): boolean {
  return portsOf(card).some(
    ({ link, remote }) =>
      hasLinkFault(card, link, 'icn_down') || (isCardEnd(remote) && hasLinkFault(remote.card, remote.link, 'icn_down')),
  );
}

/** The number of links that join two cards directly; a switch joins each port with every card behind it. */
export function bondedLinks(a: SimCard, b: SimCard): number {
  const up = portsOf(a).filter((port) => port.isUp);
  const direct = up.filter(({ remote }) => isCardEnd(remote) && remote.card === b).length;
  const upBehindSwitch = (card: SimCard): number =>
    portsOf(card).filter((port) => port.isUp && port.remote === 'switch').length;
  return direct + Math.min(up.filter(({ remote }) => remote === 'switch').length, upBehindSwitch(b));
}

function farEnd(node: SimNode, slot: number, link: number): { card: SimCard; link: number } | null {
  const card = node.cardAtSlot[slot];
  return card ? { card, link } : null;
}

function isCardEnd(remote: Port['remote']): remote is { readonly card: SimCard; readonly link: number } {
  return remote !== null && remote !== 'switch';
}

function hasLinkFault(card: SimCard, link: number, kind: 'icn_down' | 'icn_half_width'): boolean {
  return card.faults.some((fault) => fault.kind === kind && fault.link === link);
}

/** Partitioning a card, losing it or removing it takes its links away. */
function canJoin(card: SimCard): boolean {
  return !card.isPartitioned && !card.isRemoved && !hasFault(card, 'lost');
}
