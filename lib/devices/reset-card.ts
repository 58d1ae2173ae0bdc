import type { CallOptions, DeviceDriver } from './types.ts';

/**
 * Resets a card in the order that its driver asks for. A card that must be drained first stays drained when the reset
 * is refused, so that no new work comes while its jobs run out; it is open again once the reset has been done. Rejects
 * as `reset` does: `IN_USE` says to try again when the server is idle.
 */
export async function resetInOrder(
  driver: DeviceDriver,
  { uuid, pciBusId }: { readonly uuid: string; readonly pciBusId: string },
  options?: CallOptions,
): Promise<void> {
  const isDrained = (await driver.presence(options)).some((entry) => entry.uuid === uuid && entry.state === 'draining');
  const wish = isDrained ? null : await driver.recoveryAction({ uuid }, options);
  const asksForDrain = wish?.ok === true && wish.value === 'drain_and_reset';
  if (asksForDrain) await driver.setDrain(pciBusId, true, options);
  await driver.reset({ uuid }, 'ppu', options);
  if (isDrained || asksForDrain) await driver.setDrain(pciBusId, false, options);
}
