import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContainerConventions } from '../containers.ts';
import { type DeviceDriver, type DeviceInfo, type DevicePlugin, DriverError } from '../types.ts';
import { alteredPlugin } from './altered-plugin.ts';
import { cdiFileName, cdiSpec } from './cdi.ts';

/** Where container runtimes look for devices that are found at run time. */
export const CDI_FOLDER = '/var/run/cdi';

/** Keeps the file that names a server's cards to container runtimes. */
export class CdiFolder {
  readonly #folder: string;
  readonly #driver: DeviceDriver;
  readonly #conventions: ContainerConventions;
  #written: string | null = null;
  /** Writes run one after another, so that the newest stays. */
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(folder: string, driver: DeviceDriver, conventions: ContainerConventions) {
    this.#folder = folder;
    this.#driver = driver;
    this.#conventions = conventions;
  }

  /** Writes down which cards can be given now. A driver that does not answer changes nothing: unknown is not gone. */
  refresh(): Promise<void> {
    const written = this.#lastWrite.then(() => this.#refresh());
    this.#lastWrite = written.catch(() => undefined);
    return written;
  }

  async #refresh(): Promise<void> {
    const cards = await readCards(this.#driver);
    if (cards === null) return;
    const spec = cdiSpec(this.#conventions, cards);
    const text = spec === null ? null : `${JSON.stringify(spec, null, 2)}\n`;
    if (text !== null && text === this.#written) return;
    const file = path.join(this.#folder, cdiFileName(this.#conventions.resourceName));
    if (text === null) await rm(file, { force: true });
    else await replaceFile(file, text);
    this.#written = text;
  }
}

/** A plugin whose cards stand in the folder before it tells that they are healthy. */
export function withCdi(plugin: DevicePlugin, folder: CdiFolder): DevicePlugin {
  return alteredPlugin(plugin, {
    async *listAndWatch(signal) {
      for await (const devices of plugin.listAndWatch(signal)) {
        await folder.refresh();
        yield devices;
      }
    },
  });
}

/** A plugin for runtimes that know nothing of CDI: a name that they cannot look up would keep containers from starting. */
export function withoutCdi(plugin: DevicePlugin): DevicePlugin {
  return alteredPlugin(plugin, {
    allocate: async (requests) =>
      (await plugin.allocate(requests)).map((allocation) => ({ ...allocation, cdiDevices: [] })),
  });
}

async function readCards(driver: DeviceDriver): Promise<readonly DeviceInfo[] | null> {
  try {
    await driver.init();
    return await driver.list();
  } catch (error) {
    if (error instanceof DriverError) return null;
    throw error;
  }
}

/** A reader sees the old file or the new one. Runtimes look at `.json` and `.yaml` only, so not at the one in the making. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, text, { mode: 0o644 });
  await rename(draft, file);
}
