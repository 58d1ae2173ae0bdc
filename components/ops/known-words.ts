import type { Messages } from '#lib/i18n/messages.ts';
import { zh as hardware } from '#lib/i18n/messages/hardware.ts';
import { zh } from '#lib/i18n/messages/ops.ts';

// Words of the device layer arrive as plain text from the database; these are the ones that we can say.

const keysOf = <T extends object>(texts: T): readonly Extract<keyof T, string>[] =>
  Object.keys(texts).filter((key): key is Extract<keyof T, string> => key in texts);

type Ops = Messages['ops'];
type Hardware = Messages['hardware'];

export const REASONS: readonly (keyof Hardware['reason'])[] = keysOf(hardware.reason);
export const FAULTS: readonly (keyof Hardware['fault'])[] = keysOf(hardware.fault);
export const RECOVERY_WORDS: readonly (keyof Hardware['recovery'])[] = keysOf(hardware.recovery);
export const DRIVER_WORDS: readonly (keyof Ops['server']['driverKinds'])[] = keysOf(zh.server.driverKinds);
