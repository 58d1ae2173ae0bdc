import { randomBytes } from 'node:crypto';
import { present } from '#lib/core/assert.ts';
import type { CustomerRole, StaffRole, TenantCtx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Refusal, Result } from '#lib/core/result.ts';
import { createStaff, signUp } from '../accounts.ts';
import { customerCtx, personCtx, systemCtx, visitorCtx } from '../context.ts';
import { acceptInvitation, inviteMember } from '../invitations.ts';
import { signIn } from '../sign-in.ts';

export const PASSWORD = 'violet harbour 27';

/** The value of a result that a test takes for granted. */
export function need<T, R extends Refusal>(result: Result<T, R>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

/** The refusal's code, or `accepted`. */
export function codeOf<T, R extends Refusal>(result: Result<T, R>): R['code'] | 'accepted' {
  return result.ok ? 'accepted' : result.refusal.code;
}

/** An address nobody has. */
export function freshEmail(): string {
  return `p${randomBytes(8).toString('hex')}@moban.example`;
}

/** The secret of a new session. */
export async function secretOf(email: string, password = PASSWORD): Promise<string> {
  return need(await signIn(await visitorCtx(), { email, password, userAgent: 'test' })).secret;
}

export type Person = {
  readonly email: string;
  readonly userId: Id<'user'>;
  readonly secret: string;
  readonly slug: string;
  /** A fresh context of theirs, as every request makes one. */
  readonly ctx: () => Promise<TenantCtx>;
};

/** Somebody with an organisation of their own, signed in. */
export async function newOwner(organisationName = 'Moban'): Promise<Person> {
  const email = freshEmail();
  const input = { name: '林若曦', email, password: PASSWORD, organisationName, locale: 'zh-CN' } as const;
  const { userId, slug } = need(await signUp(await visitorCtx(), input));
  const secret = await secretOf(email);
  return { email, userId, secret, slug, ctx: () => customerCtx(slug, secret) };
}

/** Somebody who joins an organisation in a role; their first organisation is their own. */
export async function newMember(owner: Person, role: CustomerRole): Promise<Person> {
  const person = await newOwner();
  const { token } = need(await inviteMember(await owner.ctx(), { email: person.email, role }));
  const { slug } = need(await acceptInvitation(await personCtx(person.secret), { token }));
  return { ...person, slug, ctx: () => customerCtx(slug, person.secret) };
}

/** Staff of the operator, signed in; answers the session's secret. */
export async function newStaff(roles: readonly StaffRole[]): Promise<string> {
  const email = freshEmail();
  const input = { name: 'Ops', email, password: PASSWORD, locale: 'en', roles: [...roles] } as const;
  present(need(await createStaff(await systemCtx('seeding'), input)), 'staff');
  return secretOf(email);
}
