import { invariant } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { CardProfile } from '../card-profile.ts';
import { type FaultLayer, requireKnownPlaces, type Settings, settingsOf } from '../fault-layer.ts';
import { findProfile } from '../profiles.ts';
import type { RecordedState, SimulatedNodeSpec, SimulatedWorldOptions } from '../simulation.ts';
import { Agenda } from './agenda.ts';
import { hashText } from './hash.ts';
import { figuresOfRecord, restingSegment } from './physics.ts';
import { startRecorded } from './processes.ts';
import { REPAIR_SECONDS } from './repairs.ts';
import type { Sim, SimCard, SimNode } from './state.ts';
import { recordedWiring, wiringOf } from './wiring.ts';

const FIRST_PID = 4_000;
const NO_LINK_DOWN: readonly number[] = [];
const NO_LAYER: FaultLayer = {};

/**
 * Builds the state of a fleet in which nothing has happened yet. Throws for unknown models and repeated identities, and
 * a `LayerError` for a layer that names what is not there.
 */
export function buildSim(options: SimulatedWorldOptions): Sim {
  const { nodes: specs, seed, startAt, layer = NO_LAYER } = options;
  requireKnownPlaces(layer, {
    model: new Set(specs.map((spec) => spec.modelId)),
    node: new Set(specs.map((spec) => spec.nodeId)),
    card: new Set(specs.flatMap((spec) => spec.cards.map((card) => card.uuid))),
  });
  const bases = new Map<CardProfile, Settings>();
  const baseOf = (profile: CardProfile): Settings => {
    const known = bases.get(profile) ?? baseSettings(profile, options);
    bases.set(profile, known);
    return known;
  };
  const nodes = new Map(specs.map((spec) => [spec.nodeId, buildNode(spec, startAt, layer, baseOf)]));
  const cards = new Map([...nodes.values()].flatMap((node) => node.cards.map((card) => [card.uuid, card] as const)));
  const cardCount = specs.reduce((sum, spec) => sum + spec.cards.length, 0);
  invariant(nodes.size === specs.length && cards.size === cardCount, 'server ids and card uuids are unique');
  const sim: Sim = { seed, now: startAt, agenda: new Agenda(), nodes, cards };
  for (const card of cards.values()) startRecorded(sim, card);
  return sim;
}

function baseSettings(profile: CardProfile, { rates }: SimulatedWorldOptions): Settings {
  return {
    perHour: rates?.perHour ?? {},
    lemonFactor: null,
    figures: profile.figures,
    repairSeconds: REPAIR_SECONDS,
  };
}

function buildNode(
  spec: SimulatedNodeSpec,
  startAt: Instant,
  layer: FaultLayer,
  baseOf: (profile: CardProfile) => Settings,
): SimNode {
  const profile = findProfile(spec.modelId);
  invariant(profile !== null, `${spec.modelId} has no card profile`);
  const { nodeId, modelId } = spec;
  const base = baseOf(profile);
  const slots = Math.max(...spec.cards.map((card) => card.slot)) + 1;
  const records = spec.cards.flatMap(({ slot, recorded }) => (recorded ? [[slot, recorded] as const] : []));
  const node: SimNode = {
    id: nodeId,
    key: hashText(nodeId),
    profile,
    driverVersion: spec.driverVersion,
    wiring: records.length > 0 ? recordedWiring(slots, new Map(records)) : wiringOf(profile, slots),
    recordedPaths: spec.recordedPaths ?? null,
    settings: settingsOf(base, layer, { modelId, nodeId, uuid: null }),
    cards: [],
    cardAtSlot: [],
    faults: [],
    isUnderRepair: false,
    bootCount: 0,
    subscribers: new Set(),
    processes: new Map(),
    monitors: new Map(),
    nextPid: FIRST_PID,
  };
  node.cards = spec.cards.map((card) => {
    const own = card.recorded ? withRecord(base, card.uuid, card.recorded) : base;
    const isApart = own !== base || layer.card?.[card.uuid] !== undefined;
    const settings = isApart ? settingsOf(own, layer, { modelId, nodeId, uuid: card.uuid }) : node.settings;
    return buildCard(node, card, settings, startAt);
  });
  node.cardAtSlot = Array.from({ length: slots }, (_, slot) => node.cards.find((card) => card.slot === slot) ?? null);
  return node;
}

function withRecord(base: Settings, uuid: string, record: RecordedState): Settings {
  return { ...base, figures: figuresOfRecord(base.figures, hashText(uuid), record) };
}

function buildCard(
  node: SimNode,
  { recorded, ...spec }: SimulatedNodeSpec['cards'][number],
  settings: Settings,
  startAt: Instant,
): SimCard {
  const key = hashText(spec.uuid);
  return {
    ...spec,
    key,
    node,
    settings,
    figures: settings.figures,
    recorded: recorded ?? null,
    segment: restingSegment(settings.figures, key, startAt),
    faults: [],
    processes: [],
    isDraining: false,
    isRemoved: false,
    isPartitioned: recorded?.isPartitioned ?? false,
    powerLimitMw: settings.figures.powerLimitDefaultMw,
    eccCorVol: 0,
    eccUncVol: 0,
    eccCorAgg: 0,
    eccUncAgg: 0,
    pagesRetired: 0,
    isRemapPending: false,
    lastUncorrectableAt: null,
    linkDownCounts: NO_LINK_DOWN,
  };
}
