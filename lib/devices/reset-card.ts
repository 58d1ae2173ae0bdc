import type { DeviceDriver, RecoveryAction } from './types.ts';

/**
 * Resets a card in the order that its driver, or our own `advice`, asks for. A card that must be drained first stays
 * drained when the reset is refused, so that no new work comes while its jobs run out; it is open again once the reset
 * has been done. Rejects as `reset` does: `IN_USE` says to try again when the server is idle.
 */
export async function resetInOrder(
  driver: DeviceDriver,
  { uuid, pciBusId }: { readonly uuid: string; readonly pciBusId: string },
  advice: RecoveryAction = 'none',
): Promise<void> {
  const isDrained = (await driver.presence()).some((entry) => entry.uuid === uuid && entry.state === 'draining');
  const wish = isDrained ? null : await driver.recoveryAction({ uuid });
  const mustDrain = advice === 'drain_and_reset' || (wish?.ok === true && wish.value === 'drain_and_reset');
  if (mustDrain && !isDrained) await driver.setDrain(pciBusId, true);
  await driver.reset({ uuid }, 'ppu');
  if (mustDrain || isDrained) await driver.setDrain(pciBusId, false);
}
