import { DRIVER_RULES } from './conformance-driver.ts';
import { EVENT_RULES } from './conformance-events.ts';
import { PLUGIN_RULES } from './conformance-plugin.ts';
import type { ConformanceRule } from './conformance-rule.ts';

/** What every driver and plugin must do, whatever is behind them. A rule's name is its guarantee. */
export const CONFORMANCE_RULES: readonly ConformanceRule[] = [...DRIVER_RULES, ...EVENT_RULES, ...PLUGIN_RULES];

/** Those that may be run on a server in service. */
export const READ_ONLY_RULES: readonly ConformanceRule[] = CONFORMANCE_RULES.filter((rule) => rule.isReadOnly);
