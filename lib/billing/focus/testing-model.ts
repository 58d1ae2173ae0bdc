import { invariant, present } from '#lib/core/assert.ts';

// The machine-readable model of FOCUS 1.2 as rules that a program can run: static, not composite, MUST or MUST NOT.

/** A check as the model writes it, with its arguments as fields. */
export type Check = {
  readonly CheckFunction: string;
  readonly ColumnName?: string;
  /** Two conditions of the model name their column by this field. */
  readonly CheckCondition?: string;
  readonly Value?: string | number | null;
  readonly ColumnAName?: string;
  readonly ColumnBName?: string;
  readonly ResultColumnName?: string;
  readonly ExpectedCount?: number;
  readonly ModelRuleId?: string;
  readonly Items?: readonly Check[];
};

type ModelRule = {
  readonly Function: string;
  readonly Reference: string;
  readonly EntityType: string;
  readonly Status: string;
  readonly Type: string;
  readonly ApplicabilityCriteria: readonly string[];
  readonly ValidationCriteria: {
    readonly Keyword: string;
    readonly Requirement: Partial<Check>;
    readonly Condition: Partial<Check> | { readonly AND: Check | readonly Check[] };
  };
};

export type Model = { readonly ModelRules: Readonly<Record<string, ModelRule>> };
export type Overrides = { readonly overrides: readonly { readonly rule: string }[] };

/** A rule that rows can be held against: where all conditions hold, so must the requirement. */
export type Rule = {
  readonly id: string;
  readonly column: string;
  readonly requirement: Check;
  readonly conditions: readonly Check[];
  readonly applicability: readonly string[];
};

const isNull = (ColumnName: string): Check => ({ CheckFunction: 'CheckValue', ColumnName, Value: null });
const notNull = (ColumnName: string): Check => ({ CheckFunction: 'CheckNotValue', ColumnName, Value: null });
const is = (ColumnName: string, Value: string): Check => ({ CheckFunction: 'CheckValue', ColumnName, Value });
const all = (...Items: Check[]): Check => ({ CheckFunction: 'AND', Items });
const oneOf = (column: string, ...values: string[]): Check => ({
  CheckFunction: 'OR',
  Items: values.map((value) => is(column, value)),
});

/** What the text of the specification says where the model says something else; null: a row cannot show it. */
const MENDED: Readonly<
  Record<string, { readonly requirement?: Check; readonly conditions?: readonly Check[] } | null>
> = {
  'CommitmentDiscountStatus-C-003-C': { requirement: isNull('CommitmentDiscountStatus') },
  'CommitmentDiscountStatus-C-004-C': {
    conditions: [all(notNull('CommitmentDiscountId'), is('ChargeCategory', 'Usage'))],
  },
  'CommitmentDiscountStatus-C-005-M': {
    requirement: oneOf('CommitmentDiscountStatus', 'Used', 'Unused'),
    conditions: [notNull('CommitmentDiscountStatus')],
  },
  'CommitmentDiscountCategory-C-005-M': { conditions: [notNull('CommitmentDiscountCategory')] },
  'ConsumedQuantity-C-006-C': {
    conditions: [
      { CheckFunction: 'CheckNotValue', ColumnName: 'ChargeClass', Value: 'Correction' },
      is('ChargeCategory', 'Usage'),
      { CheckFunction: 'CheckNotValue', ColumnName: 'CommitmentDiscountStatus', Value: 'Unused' },
    ],
  },
  'CapacityReservationStatus-C-003-C': { conditions: [isNull('CapacityReservationId')] },
  'CapacityReservationStatus-C-004-C': {
    conditions: [all(notNull('CapacityReservationId'), is('ChargeCategory', 'Usage'))],
  },
  'InvoiceId-C-004-C': null,
};

const isComposite = (rule: ModelRule): boolean => rule.Function === 'Composite';
const isMust = (rule: ModelRule): boolean => /^MUST( NOT)?$/.test(rule.ValidationCriteria.Keyword);

const isCheck = (check: object): check is Check => 'CheckFunction' in check;

const childrenOf = (rule: ModelRule): string[] =>
  (rule.ValidationCriteria.Requirement.Items ?? []).flatMap(({ ModelRuleId }) => ModelRuleId ?? []);

/** The composite rules over each rule. One that is one of several that may hold is no rule by itself. */
function parentsOf(model: Model): { parents: Map<string, string[]>; choices: Set<string> } {
  const parents = new Map<string, string[]>();
  const choices = new Set<string>();
  for (const [id, rule] of Object.entries(model.ModelRules)) {
    if (!isComposite(rule)) continue;
    for (const child of childrenOf(rule)) {
      parents.set(child, [...(parents.get(child) ?? []), id]);
      if (rule.ValidationCriteria.Requirement.CheckFunction === 'OR') choices.add(child);
    }
  }
  return { parents, choices };
}

/** A rule and all composite rules over it. */
function lineage(id: string, parents: ReadonlyMap<string, readonly string[]>, seen = new Set<string>()): Set<string> {
  if (!seen.has(id)) {
    seen.add(id);
    for (const parent of parents.get(id) ?? []) lineage(parent, parents, seen);
  }
  return seen;
}

/** The rules of a model, with the stated corrections. Throws when the corrections on file are others than these. */
export function readRules(model: Model, overrides: Overrides): Rule[] {
  const stated = overrides.overrides.map(({ rule }) => rule).sort();
  invariant(`${stated}` === `${Object.keys(MENDED).sort()}`, 'the corrections on file are others than those applied');
  const { parents, choices } = parentsOf(model);
  return Object.entries(model.ModelRules).flatMap(([id, rule]): Rule[] => {
    if (rule.Type !== 'Static' || isComposite(rule) || !isMust(rule)) return [];
    const mended = MENDED[id];
    if (mended === null || choices.has(id)) return [];
    const over = [...lineage(id, parents)].map((each) => present(model.ModelRules[each], each));
    const conditions = over.flatMap(({ ValidationCriteria }) =>
      isCheck(ValidationCriteria.Condition) ? [ValidationCriteria.Condition] : [],
    );
    const { Requirement } = rule.ValidationCriteria;
    invariant(isCheck(Requirement), `${id} requires nothing`);
    return [
      {
        id,
        column: rule.Reference,
        requirement: mended?.requirement ?? Requirement,
        conditions: mended?.conditions ?? conditions,
        applicability: [...new Set(over.flatMap(({ ApplicabilityCriteria }) => ApplicabilityCriteria))],
      },
    ];
  });
}
