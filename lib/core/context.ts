import type { Id } from './id.ts';
import type { Instant } from './instant.ts';

export const CUSTOMER_ROLES = ['owner', 'admin', 'member', 'billing'] as const;
export type CustomerRole = (typeof CUSTOMER_ROLES)[number];

export const STAFF_ROLES = ['ops', 'finance', 'admin', 'auditor'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** Jobs that Kashi runs by itself. Each has narrow rights of its own in the permission table. */
export const SYSTEM_JOBS = [
  'signIn',
  'engine',
  'metering',
  'billing',
  'sealing',
  'seeding',
  'proving',
  'paymentCallback',
  'exporting',
] as const;
export type SystemJob = (typeof SYSTEM_JOBS)[number];

/** Who acts. Customer and staff roles are separate and never mixed. */
export type Actor =
  | { readonly kind: 'visitor' }
  | { readonly kind: 'user'; readonly userId: Id<'user'> }
  | {
      readonly kind: 'customer';
      readonly userId: Id<'user'>;
      readonly organisationId: Id<'organisation'>;
      readonly role: CustomerRole;
    }
  | {
      readonly kind: 'apiKey';
      readonly keyId: Id<'apiKey'>;
      readonly organisationId: Id<'organisation'>;
      readonly role: CustomerRole;
    }
  | { readonly kind: 'staff'; readonly userId: Id<'user'>; readonly roles: readonly StaffRole[] }
  | { readonly kind: 'system'; readonly job: SystemJob };

/** Which rows the database shows and accepts. It follows from the actor, never from input. */
export type Scope =
  | { readonly kind: 'public' }
  | { readonly kind: 'organisation'; readonly organisationId: Id<'organisation'> }
  | { readonly kind: 'staff' }
  | { readonly kind: 'system' };

/** What every service function takes first. Made only in `identity/context.ts`; `now` is read once per operation. */
export type Ctx = {
  readonly actor: Actor;
  readonly scope: Scope;
  readonly requestId: string;
  readonly now: Instant;
};

/** A context whose rows belong to one organisation. */
export type TenantCtx = Ctx & {
  readonly scope: { readonly kind: 'organisation'; readonly organisationId: Id<'organisation'> };
};

/** The scope that an actor has. */
export function scopeOf(actor: Actor): Scope {
  switch (actor.kind) {
    case 'visitor':
    case 'user':
      return { kind: 'public' };
    case 'customer':
    case 'apiKey':
      return { kind: 'organisation', organisationId: actor.organisationId };
    case 'staff':
      return { kind: 'staff' };
    case 'system':
      return { kind: 'system' };
  }
}

/** One line that names the actor in journals, audit rows and logs. */
export function actorLabel(actor: Actor): string {
  switch (actor.kind) {
    case 'visitor':
      return 'visitor';
    case 'user':
    case 'customer':
    case 'staff':
      return `user:${actor.userId}`;
    case 'apiKey':
      return `key:${actor.keyId}`;
    case 'system':
      return `system:${actor.job}`;
  }
}
