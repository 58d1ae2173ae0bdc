import { DriverCode, DriverError } from '../types.ts';

/** How long each call may take, in milliseconds, on both ends. 30 s before a container starts is the kubelet's own. */
export const CALL_LIMITS_MS = {
  Register: 10_000,
  GetDevicePluginOptions: 5_000,
  /** Until the first list; between lists a plugin may be silent for ever. */
  ListAndWatch: 10_000,
  GetPreferredAllocation: 5_000,
  Allocate: 10_000,
  PreStartContainer: 30_000,
} as const;
export type LimitedCall = keyof typeof CALL_LIMITS_MS;
export type CallLimitsMs = Readonly<Record<LimitedCall, number>>;

/** The outcome of `work`, or a rejection with `TIMEOUT` when it is not there in time. */
export async function within<T>(limitMs: number, op: string, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DriverError(DriverCode.TIMEOUT, op)), limitMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
