import { describe, expect, test } from 'vitest';
import { allocatable, chooseDevices, freeDevices, podResources } from './assignments.ts';

const device = (id: string, health: 'Healthy' | 'Unhealthy' = 'Healthy', numa = [0]) => ({ id, health, numa });
const held = (pod: string, container: string, ...deviceIds: string[]) => ({
  namespace: 'n',
  pod,
  container,
  resourceName: 'example.com/x',
  deviceIds,
});

test('a device is free when it is healthy and nobody holds it', () =>
  expect(freeDevices([device('a'), device('b', 'Unhealthy'), device('c')], [held('p', 'm', 'c')])).toEqual(['a']));

describe('a preference is a hint', () => {
  test.each([
    ['is followed', ['c', 'b'], ['c', 'b']],
    ['that names fewer is filled up', ['c'], ['c', 'a']],
    ['that names the same twice counts once', ['c', 'c'], ['c', 'a']],
    ['that names what is not free is not followed', ['x', 'y'], ['a', 'b']],
    ['that names more is cut', ['c', 'b', 'a'], ['c', 'b']],
    ['need not be given', [], ['a', 'b']],
  ])('that %s', (_, preferred, chosen) => expect(chooseDevices(['a', 'b', 'c'], preferred, 2)).toEqual(chosen));

  test('and gives nothing when there is too little', () => expect(chooseDevices(['a'], ['a', 'b'], 2)).toBeNull());
});

test('pods are told with their containers, and devices by NUMA node, also those that nobody lists any more', () => {
  const devices = new Map([['example.com/x', [device('a'), device('b', 'Unhealthy', [1]), device('c')]]]);
  const assignments = [held('p', 'm', 'a', 'b', 'c'), held('p', 'side', 'gone'), held('q', 'm')];
  const entry = (device_ids: string[], ID: number | null) => ({
    resource_name: 'example.com/x',
    device_ids,
    topology: ID === null ? null : { nodes: [{ ID }] },
  });
  expect(podResources(assignments, devices)).toEqual([
    {
      name: 'p',
      namespace: 'n',
      containers: [
        { name: 'm', devices: [entry(['a', 'c'], 0), entry(['b'], 1)] },
        { name: 'side', devices: [entry(['gone'], null)] },
      ],
    },
    { name: 'q', namespace: 'n', containers: [{ name: 'm', devices: [] }] },
  ]);
  expect(allocatable(devices)).toEqual([entry(['a', 'c'], 0)]);
});
