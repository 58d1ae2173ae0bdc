import { RUBBISH_FORMS } from './payloads.ts';
import type { ReserveStep, Script, Step } from './steps.ts';

const honest = (cards: number): ReserveStep => ({
  do: 'reserve',
  organisation: 1,
  cards,
  topology: 'any',
  leadSeconds: null,
  by: 'hours',
  seconds: 7_200,
  quote: 'good',
  waits: true,
});
const RICH = { yuan: 50_000, cardQuota: 10_000, spendingLimitYuan: null };
const SMALL = { servers: 2, cardsPerServer: 16, organisations: [RICH, RICH], projects: [] };

/** Every form of rubbish between two honest bookings, some of it in one round with them. */
export function rubbishScript(): Script {
  const forms = Array.from(
    { length: RUBBISH_FORMS },
    (_, form): Step => ({ do: 'rubbish', organisation: 0, form, waits: form % 5 !== 4 }),
  );
  const later: Step = { do: 'advance', seconds: 9_000, isPaced: true };
  return { market: SMALL, steps: [honest(2), ...forms, honest(3), later] };
}

/** A market in the first hour of its first booking, before anything was charged. */
export const FIRST_HOUR: Script = {
  market: SMALL,
  steps: [honest(2), { do: 'advance', seconds: 90, isPaced: true }],
};

/** A market whose first cards are bound for the next hour when somebody starts at once. */
export const BOUND_AHEAD: Script = {
  market: SMALL,
  steps: [
    { ...honest(2), leadSeconds: 1_800, waits: false },
    { do: 'advance', seconds: 2_400, isPaced: true },
    { ...honest(3), waits: false },
    { do: 'advance', seconds: 20_000, isPaced: true },
  ],
};
