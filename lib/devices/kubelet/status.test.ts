import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { DriverCode, DriverError } from '../types.ts';
import { fromStatus, toStatus } from './status.ts';

const STATUSES = Object.values(status).filter((code): code is number => typeof code === 'number');

describe('a code on its way over a socket', () => {
  test.each(Object.values(DriverCode))('%i arrives as it was sent, with its card', (code) => {
    const sent = new DriverError(code, 'Allocate', 'GPU-1');
    const arrived = fromStatus(toStatus(sent), 'Allocate');
    expect([arrived.code, arrived.op, arrived.uuid]).toEqual([code, 'Allocate', 'GPU-1']);
  });

  test('is told to strangers by a status of gRPC that is never OK and never CANCELLED', () => {
    for (const code of Object.values(DriverCode)) {
      expect([status.OK, status.CANCELLED]).not.toContain(toStatus(new DriverError(code, 'Allocate')).code);
    }
  });

  test('that contradicts its status, or is none of ours, is not believed', () => {
    const metadata = new Metadata();
    metadata.set('driver-code', String(DriverCode.DEVICE_LOST));
    metadata.set('driver-uuid', 'GPU-1');
    expect(fromStatus({ code: status.NOT_FOUND, metadata }, 'op')).toMatchObject({
      code: DriverCode.NOT_FOUND,
      uuid: null,
    });
    metadata.set('driver-code', '4711');
    expect(fromStatus({ code: status.NOT_FOUND, metadata }, 'op').code).toBe(DriverCode.NOT_FOUND);
  });
});

test('every status of a stranger has a code of ours', () => {
  expect(STATUSES).toHaveLength(17);
  for (const code of STATUSES) {
    expect(Object.values(DriverCode)).toContain(fromStatus({ code, metadata: new Metadata() }, 'op').code);
  }
});

test('a bug is told as INTERNAL without its text, and an id that is no header is left out', () => {
  const { code, details } = toStatus(new TypeError('secret'));
  expect(code).toBe(status.INTERNAL);
  expect(details).not.toContain('secret');
  expect(fromStatus(toStatus(new DriverError(DriverCode.NOT_FOUND, 'op', '卡\n')), 'op').uuid).toBeNull();
});
