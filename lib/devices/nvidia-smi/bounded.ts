import { type CallOptions, DriverCode, DriverError } from '../types.ts';

/** The limit of a call that names none: a few runs of a tool that is slow but alive. */
const CALL_TIMEOUT_MS = 60_000;

/** Ends a call with `TIMEOUT` when it is aborted or takes too long; the tools under it have limits of their own. */
export async function bounded<T>(op: string, options: CallOptions = {}, work: () => Promise<T>): Promise<T> {
  const { signal, timeoutMs = CALL_TIMEOUT_MS } = options;
  if (!(timeoutMs > 0)) throw new DriverError(DriverCode.INVALID_ARGUMENT, op);
  const late = new DriverError(DriverCode.TIMEOUT, op);
  const deadline = AbortSignal.timeout(timeoutMs);
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
  if (stop.aborted) throw late;
  const gaveUp = Promise.withResolvers<never>();
  const onStop = (): void => gaveUp.reject(late);
  stop.addEventListener('abort', onStop, { once: true });
  try {
    return await Promise.race([work(), gaveUp.promise]);
  } finally {
    stop.removeEventListener('abort', onStop);
  }
}
