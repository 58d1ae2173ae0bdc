import { Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js';
import { DriverCode, DriverError } from '../types.ts';

type Status = (typeof status)[keyof typeof status] & number;

/** What a code is called in gRPC, for callers that know nothing of ours. */
const STATUS_OF: Readonly<Record<DriverCode, Status>> = {
  [DriverCode.UNINITIALIZED]: status.FAILED_PRECONDITION,
  [DriverCode.INVALID_ARGUMENT]: status.INVALID_ARGUMENT,
  [DriverCode.NOT_SUPPORTED]: status.UNIMPLEMENTED,
  [DriverCode.NO_PERMISSION]: status.PERMISSION_DENIED,
  [DriverCode.NOT_FOUND]: status.NOT_FOUND,
  [DriverCode.DRIVER_NOT_LOADED]: status.FAILED_PRECONDITION,
  [DriverCode.TIMEOUT]: status.DEADLINE_EXCEEDED,
  [DriverCode.DEVICE_LOST]: status.FAILED_PRECONDITION,
  [DriverCode.RESET_REQUIRED]: status.FAILED_PRECONDITION,
  [DriverCode.OS_BLOCKED]: status.PERMISSION_DENIED,
  [DriverCode.LIB_RM_MISMATCH]: status.FAILED_PRECONDITION,
  [DriverCode.IN_USE]: status.RESOURCE_EXHAUSTED,
  [DriverCode.NO_DATA]: status.UNAVAILABLE,
  [DriverCode.ARG_VERSION_MISMATCH]: status.INVALID_ARGUMENT,
  [DriverCode.NOT_READY]: status.UNAVAILABLE,
  [DriverCode.INVALID_STATE]: status.FAILED_PRECONDITION,
  [DriverCode.RESET_TYPE_NOT_SUPPORTED]: status.UNIMPLEMENTED,
  [DriverCode.UNKNOWN]: status.UNKNOWN,
};

/**
 * What a status of any plugin means here. A socket where nobody answers is `UNAVAILABLE`, a plugin that hangs up
 * `CANCELLED`; calls that we give up ourselves never come this way.
 */
const CODE_OF: Readonly<Record<Status, DriverCode>> = {
  [status.OK]: DriverCode.UNKNOWN,
  [status.CANCELLED]: DriverCode.NOT_READY,
  [status.UNKNOWN]: DriverCode.UNKNOWN,
  [status.INVALID_ARGUMENT]: DriverCode.INVALID_ARGUMENT,
  [status.DEADLINE_EXCEEDED]: DriverCode.TIMEOUT,
  [status.NOT_FOUND]: DriverCode.NOT_FOUND,
  [status.ALREADY_EXISTS]: DriverCode.IN_USE,
  [status.PERMISSION_DENIED]: DriverCode.NO_PERMISSION,
  [status.RESOURCE_EXHAUSTED]: DriverCode.IN_USE,
  [status.FAILED_PRECONDITION]: DriverCode.INVALID_STATE,
  [status.ABORTED]: DriverCode.IN_USE,
  [status.OUT_OF_RANGE]: DriverCode.INVALID_ARGUMENT,
  [status.UNIMPLEMENTED]: DriverCode.NOT_SUPPORTED,
  [status.INTERNAL]: DriverCode.UNKNOWN,
  [status.UNAVAILABLE]: DriverCode.NOT_READY,
  [status.DATA_LOSS]: DriverCode.UNKNOWN,
  [status.UNAUTHENTICATED]: DriverCode.NO_PERMISSION,
};

/** Several codes share a status; between two of us the exact one travels beside it, and the card it is about. */
const CODE_KEY = 'driver-code';
const UUID_KEY = 'driver-uuid';

/** How a failed call is told to the caller. A bug becomes `INTERNAL` with a neutral sentence: its text is not theirs. */
export function toStatus(error: unknown): Pick<StatusObject, 'code' | 'details' | 'metadata'> {
  const metadata = new Metadata();
  if (!(error instanceof DriverError)) return { code: status.INTERNAL, details: 'the plugin has a fault', metadata };
  metadata.set(CODE_KEY, String(error.code));
  if (error.uuid !== null && /^[\x20-\x7e]+$/.test(error.uuid)) metadata.set(UUID_KEY, error.uuid);
  return { code: STATUS_OF[error.code], details: error.message, metadata };
}

/** What a call that failed with a status means here; the status itself is the cause. */
export function fromStatus(error: Pick<ServiceError, 'code' | 'metadata'>, op: string): DriverError {
  const exact = Object.values(DriverCode).find((code) => String(code) === firstOf(error.metadata, CODE_KEY));
  const isCredible = exact !== undefined && STATUS_OF[exact] === error.code;
  // A number that gRPC does not have may come over the wire all the same.
  const code = isCredible ? exact : (CODE_OF[error.code] ?? DriverCode.UNKNOWN);
  const failure = new DriverError(code, op, isCredible ? firstOf(error.metadata, UUID_KEY) : null);
  failure.cause = error;
  return failure;
}

function firstOf(metadata: Metadata, key: string): string | null {
  const [value] = metadata.get(key);
  return typeof value === 'string' ? value : null;
}
