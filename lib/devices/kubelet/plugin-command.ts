import { parseArgs } from 'node:util';
import { CARD_PROFILES, findProfile } from '../profiles.ts';
import { CDI_FOLDER } from './cdi-folder.ts';
import { KUBELET_FOLDER } from './protocol.ts';

/** Which cards are served: each kind is one way to a driver. */
export type CardSource = { readonly kind: 'simulated'; readonly modelId: string; readonly seed: number };

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
  'npm run device-plugin -- --simulated MODEL [--seed 7] [--folder DIR] [--cdi-folder DIR | --no-cdi] [--plugins-registry DIR]';

/** What the arguments of `npm run device-plugin` ask for. Throws `CommandError`. */
export function parsePluginCommand(args: readonly string[]): PluginCommand {
  const values = readOptions(args);
  const { simulated, seed = '7', folder = KUBELET_FOLDER } = values;
  if (simulated === undefined) throw new CommandError('Say which cards are served: --simulated MODEL.');
  if (findProfile(simulated) === null) {
    const known = CARD_PROFILES.map(({ modelId }) => modelId).join(', ');
    throw new CommandError(`There is no card model "${simulated}". Known models: ${known}.`);
  }
  if (!/^\d{1,9}$/.test(seed)) throw new CommandError('--seed is a whole number.');
  if (values['no-cdi'] && values['cdi-folder'] !== undefined) {
    throw new CommandError('--no-cdi and --cdi-folder contradict each other.');
  }
  return {
    source: { kind: 'simulated', modelId: simulated, seed: Number(seed) },
    folder,
    cdiFolder: values['no-cdi'] ? null : (values['cdi-folder'] ?? CDI_FOLDER),
    registryFolder: values['plugins-registry'] ?? null,
  };
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
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
