import { expect, test } from 'vitest';
import { planScript } from './simulated-script.ts';

test.each([
  ['python train.py', { runSeconds: 2_160, exitCode: 0 }],
  ['sleep 90', { runSeconds: 90, exitCode: 0 }],
  ['sleep 30 && sleep 15; exit 3', { runSeconds: 45, exitCode: 3 }],
  ['echo sleeper; exit 0', { runSeconds: 2_160, exitCode: 0 }],
  ['sleep 0', { runSeconds: 0, exitCode: 0 }],
])('%s', (command, plan) => {
  expect(planScript(command, 3_600)).toEqual(plan);
});
