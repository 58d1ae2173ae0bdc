import type { Instant } from '#lib/core/instant.ts';
import { FAULTS_PER_HOUR_MAX } from '../fault-layer.ts';
import { FAULT_KINDS, type FaultInjector, type FaultRequest, type FaultTarget } from '../fault-types.ts';
import { DriverCode, DriverError } from '../types.ts';
import { decodeXid } from '../xid.ts';
import type { Appointment } from './agenda.ts';
import { Chance } from './chance.ts';
import { isCardKind, isNodeKind } from './hazard.ts';
import type { Sim, SimCard, SimNode } from './state.ts';
import { mendCard, mendNode, type StrikeOptions, strikeCard, strikeNode } from './strike.ts';

type Aim = { readonly nodes: readonly SimNode[]; readonly cards: readonly SimCard[] };

type Injection = {
  readonly nodes: ReadonlySet<SimNode>;
  waiting: Appointment | null;
  chance: Chance | null;
  opsLeft: number | null;
  readonly strike: () => void;
};

const OP = 'inject';

/** Faults on demand: now, at an instant, after so many more driver operations on the target's servers, or by chance. */
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
    const aim = this.#aim(request.target);
    requireSane(request, aim);
    const number = this.#injections.size + 1;
    const id = `injection-${number}`;
    const options: StrikeOptions = { injectionId: id, xid: request.xid ?? null };
    const strikes = isNodeKind(request.kind)
      ? aim.nodes.map((node) => () => strikeNode(this.#sim, node, request.kind, options))
      : aim.cards.map((card) => () => strikeCard(this.#sim, card, request.kind, options));
    const injection: Injection = {
      nodes: new Set(aim.nodes),
      waiting: null,
      chance: null,
      opsLeft: request.afterOps ?? null,
      strike: () => {
        for (const strike of strikes) strike();
      },
    };
    this.#injections.set(id, injection);
    if (request.perHour === undefined) this.#schedule(injection, request.at ?? null);
    else injection.chance = new Chance(this.#sim, number, strikes, request.perHour);
    return id;
  }

  async clear(injectionId: string): Promise<void> {
    this.#catchUp();
    const injection = this.#injections.get(injectionId);
    if (!injection) throw new DriverError(DriverCode.NOT_FOUND, 'clear');
    if (injection.waiting) injection.waiting.isOff = true;
    injection.chance?.end();
    this.#counting.delete(injection);
    for (const node of injection.nodes) {
      for (const fault of node.faults) if (fault.injectionId === injectionId) mendNode(this.#sim, node, fault);
      for (const card of node.cards) {
        for (const fault of card.faults) if (fault.injectionId === injectionId) mendCard(this.#sim, card, fault);
      }
    }
  }

  /** Counts one operation of the driver of a server. */
  countOperation(node: SimNode): void {
    for (const injection of this.#counting) {
      if (!injection.nodes.has(node) || injection.opsLeft === null) continue;
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

  /** A target comes from a table or a form, so it may be anything whatever its type says. */
  #aim(target: FaultTarget): Aim {
    if (Object.keys(target).length !== 1) throw new DriverError(DriverCode.INVALID_ARGUMENT, OP);
    const nodes = [...this.#sim.nodes.values()];
    if ('uuid' in target) {
      const card = this.#sim.cards.get(target.uuid);
      if (card) return { nodes: [card.node], cards: [card] };
    } else {
      const aimed = nodes.filter((node) => isAimedAt(node, target));
      if (aimed.length > 0) return { nodes: aimed, cards: aimed.flatMap((node) => node.cards) };
    }
    throw new DriverError(DriverCode.NOT_FOUND, OP);
  }
}

function isAimedAt(node: SimNode, target: Exclude<FaultTarget, { readonly uuid: string }>): boolean {
  if ('nodeId' in target) return node.id === target.nodeId;
  return 'modelId' in target ? node.profile.modelId === target.modelId : target.all === true;
}

const KEYS: ReadonlySet<string> = new Set(['target', 'kind', 'xid', 'at', 'afterOps', 'perHour']);

/** The same holds for the whole request. */
function requireSane(request: FaultRequest, { nodes }: Aim): void {
  const { target, kind, xid, at, afterOps, perHour } = request;
  const isKnown = FAULT_KINDS.includes(kind) && Object.keys(request).every((key) => KEYS.has(key));
  const isAimed = isCardKind(kind) || !('uuid' in target);
  const isTimed = [at, afterOps, perHour].filter((when) => when !== undefined).length <= 1;
  const isDated = at === undefined || Number.isSafeInteger(at);
  const isCounted = afterOps === undefined || (Number.isInteger(afterOps) && afterOps >= 0);
  const isRated = perHour === undefined || (perHour > 0 && perHour <= FAULTS_PER_HOUR_MAX);
  const archs = new Set(nodes.map((node) => node.profile.arch));
  const isXid =
    xid === undefined ||
    (kind === 'app_xid' && [...archs].every((arch) => decodeXid(arch, xid).class === 'application'));
  if (isKnown && isAimed && isTimed && isDated && isCounted && isRated && isXid) return;
  throw new DriverError(DriverCode.INVALID_ARGUMENT, OP);
}
