import { lstat, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { InfrastructureError } from '#lib/core/assert.ts';
import { DriverCode, DriverError } from '../types.ts';

export type Service = {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
};

export type SocketServer = {
  readonly path: string;
  /** False once somebody has removed the socket, or put another in its place. */
  isReachable(): Promise<boolean>;
  /** Waits for calls in hand, but not for long, and removes the socket. */
  close(): Promise<void>;
};

/** What a socket address of the kernel holds, less its closing zero. */
const SOCKET_PATH_BYTES_MAX = 107;
const CLOSING_MS_MAX = 1_000;

/**
 * Serves on a unix socket. A socket that a dead process left behind is replaced; one that somebody still listens on
 * rejects with `IN_USE`.
 */
export async function openSocketServer(path: string, services: readonly Service[]): Promise<SocketServer> {
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new InfrastructureError(`${path} is longer than ${SOCKET_PATH_BYTES_MAX} bytes, the most of a socket's path`);
  }
  await removeStale(path);
  const server = new Server();
  for (const { definition, handlers } of services) server.addService(definition, handlers);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  const mark = await fileMark(path);
  let closing: Promise<void> | null = null;
  return {
    path,
    isReachable: async () => mark !== null && (await fileMark(path)) === mark,
    close: () => {
      closing ??= close(server);
      return closing;
    },
  };
}

/** Anything but a socket stays, and makes serving fail. */
async function removeStale(path: string): Promise<void> {
  const isSocket = await lstat(path).then(
    (found) => found.isSocket(),
    () => false,
  );
  if (!isSocket) return;
  if (await isListening(path)) throw new DriverError(DriverCode.IN_USE, `serve ${path}`);
  await rm(path, { force: true });
}

/** Tells one file at a path from another that came after it; null when there is none. Inodes alone are reused. */
export async function fileMark(path: string): Promise<string | null> {
  try {
    const { ino, birthtimeNs } = await stat(path, { bigint: true });
    return `${ino}:${birthtimeNs}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.forceShutdown(), CLOSING_MS_MAX);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
