import { type Rule, RULES, type RuleName } from './rules.ts';

/**
 * One step of an explanation. `result` is what its rule makes of its operands, worked out anew; null when it makes
 * nothing of them. `stated` is what was written down at the time. The step holds when both are the same.
 */
export type Equation = {
  readonly rule: RuleName;
  readonly operands: Readonly<Record<string, bigint>>;
  readonly result: bigint | null;
  readonly stated: bigint;
  readonly holds: boolean;
};

type Operand = { readonly [N in RuleName]: keyof (typeof RULES)[N]['figures'] };
const TABLE: { readonly [N in RuleName]: Rule<Operand[N]> } = RULES;

/** Works a rule out over its operands and holds the result against what is stated. */
export function equation<N extends RuleName>(
  rule: N,
  operands: Readonly<Record<Operand[N], bigint>>,
  stated: bigint,
): Equation {
  const result = TABLE[rule].make(operands);
  return { rule, operands, result, stated, holds: result === stated };
}

/** True when every step holds. */
export function allHold(equations: readonly Equation[]): boolean {
  return equations.every(({ holds }) => holds);
}
