import type { Instant } from '#lib/core/instant.ts';
import { decodeXid } from '../xid.ts';
import {
  DriverCode,
  DriverError,
  FAULT_KINDS,
  type FaultInjector,
  type FaultRequest,
  type FaultTarget,
} from '../types.ts';
import type { Appointment } from './agenda.ts';
import { isCardKind, isNodeKind } from './arrivals.ts';
import type { Sim, SimCard, SimNode } from './state.ts';
import { mendCard, mendNode, type StrikeOptions, strikeCard, strikeNode } from './strike.ts';

type Injection = {
  readonly node: SimNode;
  waiting: Appointment | null;
  opsLeft: number | null;
  readonly strike: () => void;
};

const OP = 'inject';

/** Faults on demand: now, at an instant, or after so many more driver operations on the server. */
export class SimInjector implements FaultInjector {
  readonly #sim: Sim;
  readonly #catchUp: () => void;
  readonly #injections = new Map<string, Injection>();
  /** Those that wait for operations, so that counting costs nothing while nobody waits. */
  readonly #counting = new Set<Injection>();

  constructor(sim: Sim, catchUp: () => void) {
    this.#sim = sim;
    this.#catchUp = catchUp;
  }

  async inject(request: FaultRequest): Promise<string> {
    this.#catchUp();
    const { node, cards } = this.#aim(request.target);
    requireSane(request, node);
    const id = `injection-${this.#injections.size + 1}`;
    const options: StrikeOptions = { injectionId: id, xid: request.xid ?? null };
    const strike = (): void => {
      if (isNodeKind(request.kind)) strikeNode(this.#sim, node, request.kind, options);
      else for (const card of cards) strikeCard(this.#sim, card, request.kind, options);
    };
    const injection: Injection = { node, waiting: null, opsLeft: request.afterOps ?? null, strike };
    this.#injections.set(id, injection);
    this.#schedule(injection, request.at ?? null);
    return id;
  }

  async clear(injectionId: string): Promise<void> {
    this.#catchUp();
    const injection = this.#injections.get(injectionId);
    if (!injection) throw new DriverError(DriverCode.NOT_FOUND, 'clear');
    if (injection.waiting) injection.waiting.isOff = true;
    this.#counting.delete(injection);
    const { node } = injection;
    for (const fault of node.faults) if (fault.injectionId === injectionId) mendNode(this.#sim, node, fault);
    for (const card of node.cards) {
      for (const fault of card.faults) if (fault.injectionId === injectionId) mendCard(this.#sim, card, fault);
    }
  }

  /** Counts one operation of the driver of a server. */
  countOperation(node: SimNode): void {
    for (const injection of this.#counting) {
      if (injection.node !== node || injection.opsLeft === null) continue;
      injection.opsLeft -= 1;
      if (injection.opsLeft >= 0) continue;
      this.#counting.delete(injection);
      injection.strike();
    }
  }

  #schedule(injection: Injection, at: Instant | null): void {
    if (injection.opsLeft !== null) this.#counting.add(injection);
    else if (at !== null && at > this.#sim.now) injection.waiting = this.#sim.agenda.add(at, injection.strike);
    else injection.strike();
  }

  #aim(target: FaultTarget): { node: SimNode; cards: readonly SimCard[] } {
    if ('uuid' in target) {
      const card = this.#sim.cards.get(target.uuid);
      if (card) return { node: card.node, cards: [card] };
    } else {
      const node = this.#sim.nodes.get(target.nodeId);
      if (node) return { node, cards: node.cards };
    }
    throw new DriverError(DriverCode.NOT_FOUND, OP);
  }
}

/** A request comes from a table or a form, so its kind may be any text whatever its type says. */
function requireSane({ target, kind, xid, at, afterOps }: FaultRequest, node: SimNode): void {
  const isKnown = FAULT_KINDS.includes(kind);
  const isAimed = isCardKind(kind) || 'nodeId' in target;
  const isTimed = at === undefined || afterOps === undefined;
  const isCounted = afterOps === undefined || (Number.isInteger(afterOps) && afterOps >= 0);
  const isXid = xid === undefined || (kind === 'app_xid' && decodeXid(node.profile.arch, xid).class === 'application');
  if (isKnown && isAimed && isTimed && isCounted && isXid) return;
  throw new DriverError(DriverCode.INVALID_ARGUMENT, OP);
}
