import type { Id } from '#lib/core/id.ts';
import type { Units } from '#lib/core/money.ts';

/** A part of an organisation with limits of its own; null: none beyond the organisation's. */
export type ProjectLimits = {
  readonly id: Id<'project'>;
  readonly organisationId: Id<'organisation'>;
  readonly cardQuota: number | null;
  readonly monthlySpendingLimitUnits: Units | null;
  readonly isClosed: boolean;
};

/** A project as its organisation sees it. */
export type ProjectView = Omit<ProjectLimits, 'organisationId'> & { readonly name: string };
