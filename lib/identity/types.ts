import { z } from 'zod';
import { CUSTOMER_ROLES, type CustomerRole, STAFF_ROLES, type StaffRole } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { LOCALES, type Locale } from '#lib/i18n/locale.ts';

/** Keys never own an organisation: an owner is a person. */
export const API_KEY_ROLES = ['admin', 'member', 'billing'] as const satisfies readonly CustomerRole[];
export type ApiKeyRole = (typeof API_KEY_ROLES)[number];

/** For how long a new key holds; `never` has to be chosen. */
export const API_KEY_LIVES = ['30', '90', '365', 'never'] as const;

// Normalise, then validate, then compare: two writings of one address must not be two people.
const email = z
  .string()
  .max(320)
  .transform((text) => text.normalize('NFKC').trim().toLowerCase())
  .pipe(z.email().max(254));
const displayName = z
  .string()
  .transform((text) => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(80)
      .regex(/^[^\p{Cc}\p{Cf}<>]*$/u),
  );
const secretText = z.string().min(1).max(200);
// Length and the common list are refusals of the service, so that they can be explained.
const newPassword = z.string().min(1).max(1_000);
const locale = z.enum(LOCALES);

export const signUpInput = z.object({
  name: displayName,
  email,
  password: newPassword,
  organisationName: displayName,
  locale,
});
export const signUpInvitedInput = z.object({ token: secretText, name: displayName, password: newPassword, locale });
export const signInInput = z.object({ email, password: z.string().min(1).max(1_000) });
export const profileInput = z.object({ name: displayName, locale });
export const passwordChangeInput = z.object({ currentPassword: z.string().min(1).max(1_000), newPassword });
export const organisationInput = z.object({ name: displayName });
export const invitationInput = z.object({ email, role: z.enum(CUSTOMER_ROLES) });
export const roleChangeInput = z.object({ userId: z.string(), role: z.enum(CUSTOMER_ROLES) });
export const apiKeyInput = z.object({
  name: displayName,
  role: z.enum(API_KEY_ROLES),
  lifeDays: z.enum(API_KEY_LIVES),
});
export const staffInput = z.object({
  name: displayName,
  email,
  password: newPassword,
  locale,
  roles: z.array(z.enum(STAFF_ROLES)).min(1).readonly(),
});

export type SignUpInput = z.infer<typeof signUpInput>;
export type SignUpInvitedInput = z.infer<typeof signUpInvitedInput>;
export type SignInInput = z.infer<typeof signInInput>;
export type ProfileInput = z.infer<typeof profileInput>;
export type PasswordChangeInput = z.infer<typeof passwordChangeInput>;
export type OrganisationInput = z.infer<typeof organisationInput>;
export type InvitationInput = z.infer<typeof invitationInput>;
export type RoleChangeInput = z.infer<typeof roleChangeInput>;
export type ApiKeyInput = z.infer<typeof apiKeyInput>;
export type StaffInput = z.infer<typeof staffInput>;

/** A person who is signed in, for the shell of a page. Holds no right: those are in the context. */
export type Viewer = {
  readonly userId: Id<'user'>;
  readonly kind: 'customer' | 'staff';
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly staffRoles: readonly StaffRole[];
};

export type Organisation = {
  readonly id: Id<'organisation'>;
  readonly slug: string;
  readonly name: string;
  readonly createdAt: Instant;
};

export type OwnOrganisation = Organisation & { readonly role: CustomerRole };

export type Member = {
  readonly userId: Id<'user'>;
  readonly name: string;
  readonly email: string;
  readonly role: CustomerRole;
  readonly joinedAt: Instant;
};

export type PendingInvitation = {
  readonly id: Id<'invitation'>;
  readonly email: string;
  readonly role: CustomerRole;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
};

/** What the bearer of an invitation's link may know of it. */
export type InvitationView = {
  readonly organisationName: string;
  readonly organisationSlug: string;
  readonly email: string;
  readonly role: CustomerRole;
  readonly expiresAt: Instant;
  /** True when somebody has an account under the invited address. */
  readonly hasAccount: boolean;
};

export type ApiKeyView = {
  readonly id: Id<'apiKey'>;
  readonly name: string;
  readonly role: ApiKeyRole;
  readonly prefix: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly state: 'live' | 'expired' | 'revoked';
};

export type SessionView = {
  readonly id: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly userAgent: string;
  readonly isThisOne: boolean;
};

/** Why identity says no. */
export type IdentityRefusal =
  | { readonly code: 'emailTaken' }
  | { readonly code: 'passwordTooShort'; readonly charactersMin: number }
  | { readonly code: 'passwordTooLong'; readonly charactersMax: number }
  | { readonly code: 'passwordCommon' }
  | { readonly code: 'credentialsWrong' }
  | { readonly code: 'signInPaused'; readonly untilAt: Instant }
  | { readonly code: 'currentPasswordWrong' }
  | { readonly code: 'organisationsTooMany'; readonly organisationsMax: number }
  | { readonly code: 'invitationUnknown' }
  | { readonly code: 'invitationExpired'; readonly expiredAt: Instant }
  | { readonly code: 'invitationAnswered' }
  | { readonly code: 'invitationForAnother' }
  | { readonly code: 'invitationsTooMany'; readonly invitationsMax: number }
  | { readonly code: 'memberAlready' }
  | { readonly code: 'memberUnknown' }
  | { readonly code: 'ownerOnly' }
  | { readonly code: 'lastOwner' }
  | { readonly code: 'accountIsStaff' }
  | { readonly code: 'apiKeysTooMany'; readonly keysMax: number }
  | { readonly code: 'apiKeyUnknown' }
  | { readonly code: 'sessionUnknown' };

/** The refusals with the given codes: what one service may answer. */
export type Refused<Code extends IdentityRefusal['code']> = Extract<IdentityRefusal, { readonly code: Code }>;

/** Why a password may not be chosen. */
export type PasswordRefusal = Refused<'passwordTooShort' | 'passwordTooLong' | 'passwordCommon'>;

/** Why a member's role does not change or end. */
export type MemberRefusal = Refused<'memberUnknown' | 'ownerOnly' | 'lastOwner'>;
