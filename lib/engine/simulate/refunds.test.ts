import { expect, test } from 'vitest';
import { runScript } from './run.ts';
import { readScript } from './steps.ts';
import { forgetting } from './testing-mutants.ts';

const RICH = '{"yuan":900000,"cardQuota":10000,"spendingLimitYuan":null}';
const TERM =
  '{"do":"reserve","organisation":0,"cards":2,"topology":"any","by":"day","seconds":1,"quote":"good","waits":false';
const REFUND = '{"do":"change","act":"refund","pick":0,"isOwn":true,"seconds":1,"waits":false}';
const begun = `{"servers":4,"cardsPerServer":4,"organisations":[${RICH}]}`;

/** Two terms of one customer, and a refund of each. */
const TWICE = [begun, `${TERM},"leadSeconds":null}`, `${TERM},"leadSeconds":null}`, REFUND, REFUND].join('\n');
/** A term that begins sixteen hours after it was bought, and a refund a day and a half after that. */
const LATE = [begun, `${TERM},"leadSeconds":57600}`, '{"do":"advance","seconds":129600,"isPaced":true}', REFUND].join(
  '\n',
);

test.each([
  ['a SKU is refunded twice', TWICE, { isUsed: false }, 3],
  ['a term is refunded whenever', LATE, { windowDays: 99 }, 1],
] as const)('%s only where nobody looks', (_, script, forgotten, accepted) => {
  const kept = runScript(readScript(script));
  expect(kept.violations).toEqual([]);
  expect(kept.accepted).toBe(accepted);
  const broken = runScript(readScript(script), { parts: forgetting(forgotten)() });
  expect(broken.violations.map(({ invariant }) => invariant)).toContain('refundsKept');
});
