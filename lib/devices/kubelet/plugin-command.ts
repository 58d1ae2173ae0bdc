import { parseArgs } from 'node:util';
import { CARD_PROFILES, findProfile } from '../profiles.ts';
import { REAL_DRIVER_KINDS, type RealDriverKind } from '../hosts.ts';
import { CDI_FOLDER } from './cdi-folder.ts';
import { KUBELET_FOLDER } from './protocol.ts';

const SEED = '7';

/** Which cards are served: each kind is one way to a driver. */
export type CardSource =
  | { readonly kind: 'simulated'; readonly modelId: string; readonly seed: number }
  | { readonly kind: 'real'; readonly driver: RealDriverKind };

export type PluginCommand = {
  readonly source: CardSource;
  /** The kubelet's folder of device plugins. */
  readonly folder: string;
  /** Null: the container runtime knows nothing of CDI. */
  readonly cdiFolder: string | null;
  /** Null: we register at the kubelet's socket. Else the kubelet finds us in this folder. */
  readonly registryFolder: string | null;
};

/** What was asked for makes no sense; the message is for whoever asked. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export const PLUGIN_USAGE =
  'npm run device-plugin -- --driver ppu-smi|nvidia-smi | --simulated MODEL [--seed 7] [--folder DIR] [--cdi-folder DIR | --no-cdi] [--plugins-registry DIR]';

/** What the arguments of `npm run device-plugin` ask for. Throws `CommandError`. */
export function parsePluginCommand(args: readonly string[]): PluginCommand {
  const values = readOptions(args);
  const { folder = KUBELET_FOLDER } = values;
  if (values['no-cdi'] && values['cdi-folder'] !== undefined) {
    throw new CommandError('--no-cdi and --cdi-folder contradict each other.');
  }
  return {
    source: sourceOf(values),
    folder,
    cdiFolder: values['no-cdi'] ? null : (values['cdi-folder'] ?? CDI_FOLDER),
    registryFolder: values['plugins-registry'] ?? null,
  };
}

function sourceOf({ driver, simulated, seed }: ReturnType<typeof readOptions>): CardSource {
  if ((driver === undefined) === (simulated === undefined)) {
    throw new CommandError('Say which cards are served: --driver ppu-smi, --driver nvidia-smi or --simulated MODEL.');
  }
  if (simulated === undefined) {
    const known = REAL_DRIVER_KINDS.find((kind) => kind === driver);
    if (known === undefined)
      throw new CommandError(`There is no driver "${driver}". Known: ${REAL_DRIVER_KINDS.join(', ')}.`);
    if (seed !== undefined) throw new CommandError('--seed is for simulated cards.');
    return { kind: 'real', driver: known };
  }
  if (findProfile(simulated) === null) {
    const known = CARD_PROFILES.map(({ modelId }) => modelId).join(', ');
    throw new CommandError(`There is no card model "${simulated}". Known models: ${known}.`);
  }
  if (!/^\d{1,9}$/.test(seed ?? SEED)) throw new CommandError('--seed is a whole number.');
  return { kind: 'simulated', modelId: simulated, seed: Number(seed ?? SEED) };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        driver: { type: 'string' },
        simulated: { type: 'string' },
        seed: { type: 'string' },
        folder: { type: 'string' },
        'cdi-folder': { type: 'string' },
        'no-cdi': { type: 'boolean', default: false },
        'plugins-registry': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error));
  }
}
