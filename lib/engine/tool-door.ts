import 'server-only';
import { serveTools, type ToolServer, type ToolShelves } from '#lib/devices/ppu-smi/socket.ts';
import { errorText, log } from '#lib/platform/log.ts';

/**
 * The way to the tools of the servers that an engine leads, for people at this machine. Nothing depends on it: when the
 * socket cannot be had, the engine works on, and tries again when it next looks.
 */
export class ToolDoor {
  readonly #shelves: ToolShelves;
  readonly #socketPath: string;
  #server: ToolServer | null = null;
  #opening: Promise<void> | null = null;
  #lastFailure: string | null = null;

  constructor(shelves: ToolShelves, socketPath: string) {
    this.#shelves = shelves;
    this.#socketPath = socketPath;
  }

  /** Opens the door when it is closed. Never rejects. */
  open(): Promise<void> {
    this.#opening ??= this.#tryOpen().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await this.#opening;
    try {
      await this.#server?.close();
    } catch (error) {
      log.error('the tool socket did not close', { reason: errorText(error) });
    }
    this.#server = null;
  }

  async #tryOpen(): Promise<void> {
    if (this.#server) return;
    try {
      this.#server = await serveTools(this.#shelves, this.#socketPath);
      if (this.#server) log.info('serves the tools of its servers', { socket: this.#socketPath });
      this.#lastFailure = null;
    } catch (error) {
      const reason = errorText(error);
      if (reason !== this.#lastFailure) log.error('cannot serve the tools of its servers', { reason });
      this.#lastFailure = reason;
    }
  }
}
