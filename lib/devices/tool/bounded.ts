import { type CallOptions, DriverCode, DriverError } from '../types.ts';

/** How long a call may take, and what ends it early. */
export type Limits = { readonly timeoutMs: number; readonly signal: AbortSignal };

/** Does some work within the caller's bounds: rejects `TIMEOUT` when out of time or aborted, without waiting for it. */
export async function bounded<T>(
  op: string,
  options: CallOptions | undefined,
  standardMs: number,
  work: (limits: Limits) => Promise<T>,
): Promise<T> {
  const timeoutMs = options?.timeoutMs ?? standardMs;
  if (!(timeoutMs > 0)) throw new DriverError(DriverCode.INVALID_ARGUMENT, op);
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = options?.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const late = new DriverError(DriverCode.TIMEOUT, op);
  if (signal.aborted) throw late;
  const gaveUp = Promise.withResolvers<never>();
  const giveUp = (): void => gaveUp.reject(late);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work({ timeoutMs, signal }), gaveUp.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
