import type { Canonical } from '#lib/core/canonical.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';

/** What was done, as `noun.pastTense`: `apiKey.created`, `period.closed`. */
export type AuditAction = `${string}.${string}`;

/** What the act was about beyond its target. Never secrets, never personal data that the target does not show. */
export type AuditData = { readonly [key: string]: Canonical };

/** One act of somebody, as it is stored for ever. */
export type AuditEvent = {
  /** Rises with time; a decimal text, because it may outgrow a number. */
  readonly id: string;
  readonly at: Instant;
  /** `user:usr_…`, `key:key_…` or `system:<job>`. */
  readonly actor: string;
  readonly organisationId: Id<'organisation'> | null;
  readonly action: string;
  readonly target: string;
  readonly data: unknown;
  readonly requestId: string;
};

export type AuditFilter = {
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly actor?: string | undefined;
  /** Events older than this id: the last one of the page before. */
  readonly beforeId?: string | undefined;
  readonly limit?: number | undefined;
};
