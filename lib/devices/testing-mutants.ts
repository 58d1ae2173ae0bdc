import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { ConformanceRule } from './conformance-rule.ts';
import { type Mutation, simulatedSubject } from './testing-conformance.ts';

/** A driver or plugin that breaks one guarantee, and the rule that must see it. */
export type Mutant = Mutation & { readonly fault: string; readonly caughtBy: string };

/** Tests that each mutant fails the rule it was made for, and that no rule is without a mutant. */
export function expectEveryRuleCaught(
  what: string,
  rules: readonly ConformanceRule[],
  mutants: readonly Mutant[],
): void {
  describe(`the suite catches ${what} that`, () => {
    test.each(mutants)('$fault', async ({ caughtBy, ...mutation }) => {
      const rule = present(
        rules.find(({ name }) => name === caughtBy),
        caughtBy,
      );
      await expect(rule.check(simulatedSubject('zw810e', mutation))).rejects.toThrow();
    });
  });

  test(`every rule for ${what} has a mutant that it catches`, () => {
    const caught = new Set(mutants.map((mutant) => mutant.caughtBy));
    expect(rules.map(({ name }) => name).filter((name) => !caught.has(name))).toEqual([]);
  });
}
