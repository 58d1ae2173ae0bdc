import { describe, expect, test } from 'vitest';
import { DriverCode } from '../types.ts';
import {
  fromContainerMessage,
  fromDeviceMessage,
  fromOptionsMessage,
  fromPreferredMessage,
  onePerRequest,
  toContainerMessage,
  toDeviceMessage,
  toOptionsMessage,
  toPreferredMessage,
} from './translate.ts';

describe('what is said in messages is heard as it was meant', () => {
  test.each([{ numa: [4] }, { numa: [0] }, { numa: [0, 1] }, { numa: [] }])('devices with $numa', ({ numa }) => {
    const device = { id: 'GPU-1', health: 'Unhealthy', numa } as const;
    expect(fromDeviceMessage(toDeviceMessage(device))).toEqual(device);
  });

  test('options, preferences and allocations', () => {
    const options = { preStartRequired: true, preferredAllocation: false };
    expect(fromOptionsMessage(toOptionsMessage(options))).toEqual(options);
    const requests = [{ available: ['a', 'b'], mustInclude: ['b'], size: 1 }];
    expect(fromPreferredMessage(toPreferredMessage(requests))).toEqual(requests);
    const allocation = {
      envs: { A: '1' },
      annotations: { 'b/c': '2' },
      cdiDevices: ['v/c=a'],
      mounts: [{ containerPath: '/c', hostPath: '/h', readOnly: true }],
      devices: [{ containerPath: '/dev/c', hostPath: '/dev/h', permissions: 'rw' }],
    };
    expect(fromContainerMessage(toContainerMessage(allocation))).toEqual(allocation);
  });
});

test('a card without a NUMA node has no topology, which is not a topology without nodes', () =>
  expect(toDeviceMessage({ id: 'a', health: 'Healthy', numa: [] }).topology).toBeNull());

test.each(['', 'healthy', 'HEALTHY', 'Unknown'])('a device whose health is "%s" is unhealthy', (health) =>
  expect(fromDeviceMessage({ ID: 'a', health, topology: null }).health).toBe('Unhealthy'),
);

test('more or fewer answers than requests are a fault of who answers', () => {
  expect(onePerRequest(['a'], 1, 'Allocate')).toEqual(['a']);
  for (const answers of [[], ['a', 'b']]) {
    expect(() => onePerRequest(answers, 1, 'Allocate')).toThrow(expect.objectContaining({ code: DriverCode.UNKNOWN }));
  }
});
