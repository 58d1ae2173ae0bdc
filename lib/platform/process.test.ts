import { expect, onTestFinished, test } from 'vitest';
import { stopSignal } from './process.ts';

test('to be asked twice to stop ends nothing half way', () => {
  onTestFinished(() => {
    process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
  });
  const before = process.listenerCount('SIGTERM');
  const signal = stopSignal();
  expect(signal.aborted).toBe(false);
  process.emit('SIGTERM', 'SIGTERM');
  expect(signal.aborted).toBe(true);
  // Without a listener the next one would end the process at once.
  expect(process.listenerCount('SIGTERM')).toBe(before + 1);
});
