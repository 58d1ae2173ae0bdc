import { z } from 'zod';
import type { CardFigures } from './card-profile.ts';
import { HOST_ACTIONS, type HostAction } from './simulation.ts';
import { CARD_FAULT_KINDS, FAULT_KINDS, type FaultKind } from './fault-types.ts';
import { DriverCode, DriverError } from './types.ts';

/** More than once a second breaks nothing that was not broken already. */
export const FAULTS_PER_HOUR_MAX = 3_600;
const FACTOR_MAX = 10_000;
const REPAIR_SECONDS_MAX = 7 * 86_400;

/** A layer that cannot be used: `key` says where in it, by dots. */
export class LayerError extends DriverError {
  readonly key: string;

  constructor(key: string, why: string) {
    super(DriverCode.INVALID_ARGUMENT, 'layer');
    this.key = key;
    this.message = `layer: ${key} ${why}`;
  }
}

const rate = z.number().min(0).max(FAULTS_PER_HOUR_MAX);
const ratesOf = (kinds: readonly FaultKind[]) =>
  z.partialRecord(z.enum(kinds as readonly [FaultKind, ...FaultKind[]]), rate).optional();
const repairSeconds = z.partialRecord(z.enum(HOST_ACTIONS), z.int().min(1).max(REPAIR_SECONDS_MAX)).optional();

/** The figures of a profile that one card or one hall may have otherwise than the model. */
const FIGURES = {
  coolantC: z.number().min(-20).max(70).exactOptional(),
  celsiusPerWatt: z.number().gt(0).max(1).exactOptional(),
  thermalTimeConstantSeconds: z.number().min(1).max(3_600).exactOptional(),
  powerIdleMinMw: z.int().min(0).max(1_000_000).exactOptional(),
  powerIdleMaxMw: z.int().min(0).max(1_000_000).exactOptional(),
} as const satisfies Partial<Record<keyof CardFigures, z.ZodType>>;

const shared = {
  lemonFactor: z.number().min(0).max(FACTOR_MAX).optional(),
  figures: z.strictObject(FIGURES).optional(),
};
const serverSettings = z.strictObject({ ...shared, perHour: ratesOf(FAULT_KINDS), repairSeconds });
const cardSettings = z.strictObject({ ...shared, perHour: ratesOf(CARD_FAULT_KINDS) });
const layerSchema = z.strictObject({
  all: serverSettings.optional(),
  model: z.record(z.string(), serverSettings).optional(),
  node: z.record(z.string(), serverSettings).optional(),
  card: z.record(z.string(), cardSettings).optional(),
});

/**
 * What differs from the base, and nothing else: for the whole fleet, by model id, by server id and by card uuid. Rates
 * are per card and hour, those of server kinds per server and hour. A `lemonFactor` takes its place in the lottery of
 * lemons: so many times as often as the rates say.
 */
export type FaultLayer = z.infer<typeof layerSchema>;
export type LayerSettings = z.infer<typeof serverSettings>;

/** What holds for one server or one card. */
export type Settings = {
  readonly perHour: Readonly<Partial<Record<FaultKind, number>>>;
  /** Null: the lottery of lemons decides. */
  readonly lemonFactor: number | null;
  readonly figures: CardFigures;
  readonly repairSeconds: Readonly<Record<HostAction, number>>;
};

/** Whom settings are for; `uuid` null asks for those of the server itself. */
export type LayerPlace = { readonly modelId: string; readonly nodeId: string; readonly uuid: string | null };

/** Reads a layer from parsed JSON. Throws {@link LayerError} that names the first key that is unknown or impossible. */
export function parseLayer(json: unknown): FaultLayer {
  const parsed = layerSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const key = [...(issue?.path ?? []), ...unknown].join('.') || 'the whole';
  const isUnknownKey = unknown.length > 0 || issue?.code === 'invalid_key';
  throw new LayerError(key, isUnknownKey ? 'is no setting' : `is refused: ${issue?.message ?? 'unreadable'}`);
}

/** Holds when every model, server and card that the layer names is there. Throws {@link LayerError}. */
export function requireKnownPlaces(layer: FaultLayer, known: Readonly<Record<'model' | 'node' | 'card', Has>>): void {
  for (const scope of ['model', 'node', 'card'] as const) {
    const unknown = Object.keys(layer[scope] ?? {}).find((name) => !known[scope].has(name));
    if (unknown !== undefined) throw new LayerError(`${scope}.${unknown}`, `names no ${scope} of this fleet`);
  }
}

type Has = { has(name: string): boolean };

/**
 * The settings that hold in a place: `base < all < model < node < card`, setting by setting. The base itself where the
 * layer says nothing. Throws {@link LayerError} where settings from different scopes do not fit together.
 */
export function settingsOf(base: Settings, layer: FaultLayer, place: LayerPlace): Settings {
  const scopes: readonly [string, Partial<LayerSettings> | undefined][] = [
    ['all', layer.all],
    [`model.${place.modelId}`, layer.model?.[place.modelId]],
    [`node.${place.nodeId}`, layer.node?.[place.nodeId]],
    [`card.${place.uuid}`, place.uuid === null ? undefined : layer.card?.[place.uuid]],
  ];
  return scopes.reduce((settings, [key, over]) => (over ? merge(settings, over, key) : settings), base);
}

function merge(under: Settings, over: Partial<LayerSettings>, key: string): Settings {
  const figures: CardFigures = { ...under.figures, ...over.figures };
  const { powerIdleMinMw, powerIdleMaxMw, powerLimitMinMw } = figures;
  if (powerIdleMinMw > powerIdleMaxMw || powerIdleMaxMw > powerLimitMinMw) {
    throw new LayerError(`${key}.figures`, 'leaves an idle power that runs backwards or beyond the power limit');
  }
  return {
    perHour: { ...under.perHour, ...over.perHour },
    lemonFactor: over.lemonFactor ?? under.lemonFactor,
    figures,
    repairSeconds: { ...under.repairSeconds, ...over.repairSeconds },
  };
}
