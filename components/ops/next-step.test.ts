import { expect, test } from 'vitest';
import { nextStep } from './next-step.ts';

test.each([
  ['a lost card is rebooted cold', 'device_lost', 'cold_reboot', { steps: 'cold_reboot', recovery: 'cold_reboot' }],
  [
    'a link that asks for it reboots the server',
    'node_reboot_required',
    'node_reboot',
    { steps: 'node_reboot', recovery: 'os_reboot' },
  ],
  [
    'too many errors: the card is reset, once drained',
    'correctable_ecc_storm',
    'drain_and_reset',
    { steps: 'drain_and_reset', recovery: 'device_reset' },
  ],
  [
    'a driver is restarted, whatever it advises',
    'driver_not_loaded',
    'none',
    { steps: 'driver', recovery: 'driver_restart' },
  ],
  ['of silence one looks at the host', 'stream_broken', 'none', { steps: 'unread', recovery: null }],
  ['what needs nothing is watched', 'page_retired', 'none', { steps: 'none', recovery: null }],
  ['what is not known is watched', 'something_new', 'pray', { steps: 'none', recovery: null }],
])('%s', (_, kind, action, expected) => expect(nextStep({ kind, action })).toEqual(expected));
