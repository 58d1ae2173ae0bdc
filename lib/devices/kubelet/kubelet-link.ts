import { watch } from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '#lib/core/assert.ts';
import { Bell } from '../bell.ts';
import { type DevicePlugin, DriverCode, DriverError } from '../types.ts';
import { callUnary } from './calls.ts';
import { CALL_LIMITS_MS, type CallLimitsMs } from './limits.ts';
import { servePlugin } from './plugin-service.ts';
import { KUBELET_SOCKET, PLUGIN_VERSION, REGISTRATION } from './protocol.ts';
import { fileMark, type SocketServer } from './socket-server.ts';
import { toOptionsMessage } from './translate.ts';

/** What became of the plugin, for a log. */
export type LinkNews =
  | { readonly kind: 'serving'; readonly socketPath: string }
  | { readonly kind: 'registered'; readonly resourceName: string }
  | { readonly kind: 'waiting'; readonly why: WaitReason };
type WaitReason = 'no_kubelet' | 'kubelet_silent';

export type KubeletLinkOptions = {
  readonly plugin: DevicePlugin;
  /** The kubelet's folder of device plugins. */
  readonly folder: string;
  /** The file name of our socket; made from the resource's name when not given. */
  readonly endpoint?: string;
  readonly limitsMs?: Partial<CallLimitsMs>;
  /** Before a kubelet whose socket is there but silent is tried again. */
  readonly pauseMs?: number;
  readonly report: (news: LinkNews) => void;
};

const PAUSE_MS = 2_000;

/** `alibabacloud.com/ppu` is served on `alibabacloud.com-ppu.sock`. */
export function endpointOf(resourceName: string): string {
  return `${resourceName.replaceAll('/', '-')}.sock`;
}

/**
 * Serves a plugin to the kubelet of this host until `signal` is aborted, and leaves no socket behind. Serves first and
 * registers then, since the kubelet dials back. A kubelet that restarts removes every socket in its folder: the
 * plugin then serves on a new one and registers again. Rejects when the kubelet refuses the registration, when another
 * process serves on our socket, and when the folder goes away.
 */
export async function linkToKubelet(options: KubeletLinkOptions, signal: AbortSignal): Promise<void> {
  const bell = new Bell();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  const watcher = watch(options.folder, () => bell.ring());
  watcher.once('error', broken.reject);
  const ring = (): void => bell.ring();
  signal.addEventListener('abort', ring, { once: true });
  const link = new KubeletLink(options);
  try {
    while (!signal.aborted) {
      bell.silence();
      const isDone = await link.advance();
      const retry = isDone ? null : setTimeout(ring, options.pauseMs ?? PAUSE_MS);
      if (!signal.aborted) await Promise.race([bell.rung(), broken.promise]);
      if (retry) clearTimeout(retry);
    }
  } finally {
    signal.removeEventListener('abort', ring);
    watcher.close();
    await link.close();
  }
}

/** Looks at what is and does what is missing, so that no order of events in the folder can confuse it. */
class KubeletLink {
  readonly #options: KubeletLinkOptions;
  readonly #endpoint: string;
  #server: SocketServer | null = null;
  #stopping = new AbortController();
  /** What is waited for, so that it is told once. */
  #waitsFor: WaitReason | null = null;
  /** The kubelet's socket with which our present one is registered. */
  #registeredWith: string | null = null;

  constructor(options: KubeletLinkOptions) {
    this.#options = options;
    this.#endpoint = options.endpoint ?? endpointOf(options.plugin.resourceName);
  }

  /** False when a kubelet is there that did not answer. */
  async advance(): Promise<boolean> {
    if (!(await this.#server?.isReachable())) await this.#serve();
    const kubeletPath = path.join(this.#options.folder, KUBELET_SOCKET);
    const kubelet = await fileMark(kubeletPath);
    if (kubelet !== null && kubelet === this.#registeredWith) return true;
    if (kubelet === null) {
      this.#wait('no_kubelet');
      return true;
    }
    return this.#register(kubeletPath, kubelet);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#server?.close();
  }

  /** The old server goes first: closing it removes whatever lies at its path. */
  async #serve(): Promise<void> {
    await this.close();
    this.#registeredWith = null;
    this.#stopping = new AbortController();
    const { plugin, folder, limitsMs, report } = this.#options;
    const socketPath = path.join(folder, this.#endpoint);
    this.#server = await servePlugin(plugin, socketPath, this.#stopping.signal, limitsMs);
    report({ kind: 'serving', socketPath });
  }

  async #register(kubeletPath: string, kubelet: string): Promise<boolean> {
    const { plugin, limitsMs, report } = this.#options;
    const { resourceName } = plugin;
    const request = {
      version: PLUGIN_VERSION,
      endpoint: this.#endpoint,
      resource_name: resourceName,
      options: toOptionsMessage(await plugin.options()),
    };
    const limitMs = limitsMs?.Register ?? CALL_LIMITS_MS.Register;
    try {
      await callUnary(kubeletPath, REGISTRATION.Register, request, { limitMs });
    } catch (error) {
      if (!isSilence(error)) throw refusalOf(resourceName, error);
      this.#wait('kubelet_silent');
      return false;
    }
    this.#registeredWith = kubelet;
    this.#waitsFor = null;
    report({ kind: 'registered', resourceName });
    return true;
  }

  #wait(why: WaitReason): void {
    if (this.#waitsFor !== why) this.#options.report({ kind: 'waiting', why });
    this.#waitsFor = why;
  }
}

/** A socket that a dead kubelet left, or one of a kubelet that is only just starting. */
function isSilence(error: unknown): boolean {
  return error instanceof DriverError && (error.code === DriverCode.NOT_READY || error.code === DriverCode.TIMEOUT);
}

function refusalOf(resourceName: string, error: unknown): InfrastructureError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new InfrastructureError(`the kubelet refused ${resourceName}`, { cause });
}
