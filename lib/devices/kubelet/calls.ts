import type { MethodDefinition } from '@grpc/grpc-js';
import { DriverCode, DriverError } from '../types.ts';
import { openConnection } from './connection.ts';
import { fromStatus } from './status.ts';

/** What of a method its caller needs. */
export type Rpc<Q, A> = Pick<MethodDefinition<Q, A>, 'path' | 'requestSerialize' | 'responseDeserialize'>;

export type CallBounds = { readonly limitMs: number; readonly signal?: AbortSignal };

/**
 * One call over a socket. Rejects with a `DriverError`: `TIMEOUT` when there is no answer in time or it is aborted,
 * `NOT_READY` when nobody listens or what answers is not gRPC, else the code of the status. A connection lives as long
 * as its call, so nothing has to be closed and a plugin that was restarted is reached at once.
 */
export async function callUnary<Q, A>(
  socketPath: string,
  rpc: Rpc<Q, A>,
  request: Q,
  { limitMs, signal }: CallBounds,
): Promise<A> {
  const op = operationOf(rpc.path);
  const deadline = AbortSignal.timeout(limitMs);
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
  if (stop.aborted) throw new DriverError(DriverCode.TIMEOUT, op);

  const { client, end } = openConnection(socketPath);
  const { promise, resolve, reject } = Promise.withResolvers<A>();
  const call = client.makeUnaryRequest(
    rpc.path,
    rpc.requestSerialize,
    rpc.responseDeserialize,
    request,
    (error, answer) => {
      if (answer !== undefined) resolve(answer);
      else reject(error ? fromStatus(error, op) : new DriverError(DriverCode.UNKNOWN, op));
    },
  );
  const onStop = (): void => {
    reject(new DriverError(DriverCode.TIMEOUT, op));
    call.cancel();
  };
  stop.addEventListener('abort', onStop, { once: true });
  return promise.finally(() => {
    stop.removeEventListener('abort', onStop);
    end();
  });
}

export type StreamBounds = {
  /** Until the first message. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Runs beside the stream until its own signal is aborted; when it rejects, the stream breaks with that error. */
  readonly guard: (signal: AbortSignal) => Promise<void>;
};

/**
 * A stream over a socket. Ends when it is aborted; rejects with a `DriverError` when it breaks, which its end by the
 * other side is too. What comes faster than it is read stops the sender, not us.
 */
export async function* followStream<Q, A>(
  socketPath: string,
  rpc: Rpc<Q, A>,
  request: Q,
  { limitMs, signal, guard }: StreamBounds,
): AsyncGenerator<A, undefined> {
  if (signal.aborted) return;
  const op = operationOf(rpc.path);
  const { client, end } = openConnection(socketPath);
  const stream = client.makeServerStreamRequest(rpc.path, rpc.requestSerialize, rpc.responseDeserialize, request);
  // What the library still has to say of a call that we have given up concerns nobody.
  stream.on('error', () => undefined);
  const ended = new AbortController();
  const fail = (error: unknown): void => void stream.destroy(error instanceof Error ? error : new Error(String(error)));
  const stop = (): void => fail(new DriverError(DriverCode.TIMEOUT, op));
  const late = setTimeout(stop, limitMs);
  signal.addEventListener('abort', stop, { once: true });
  guard(ended.signal).catch(fail);
  try {
    for await (const message of stream) {
      clearTimeout(late);
      yield message;
      if (signal.aborted) return;
    }
    throw new DriverError(DriverCode.NOT_READY, op);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof DriverError || !isServiceError(error) ? error : fromStatus(error, op);
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    ended.abort();
    stream.cancel();
    end();
  }
}

function isServiceError(error: unknown): error is Parameters<typeof fromStatus>[0] & Error {
  return error instanceof Error && 'code' in error && 'metadata' in error;
}

function operationOf(rpcPath: string): string {
  return rpcPath.slice(rpcPath.lastIndexOf('/') + 1);
}
