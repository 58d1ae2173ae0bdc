import { describe, expect, test } from 'vitest';
import { isPermitted } from './permissions.ts';
import { DAY_MS, HOUR_MS, instant } from '#lib/core/instant.ts';
import { lockWallets } from '#lib/ledger/posting.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { createStaff, setOwnLocale, signUp, updateProfile } from './accounts.ts';
import { customerCtx, findViewer, personCtx, staffCtx, systemCtx, visitorCtx } from './context.ts';
import { createOrganisation, getOrganisation, listMyOrganisations, renameOrganisation } from './organisations.ts';
import { changePassword, listSessions, revokeSession, signIn, signOut } from './sign-in.ts';
import { codeOf, freshEmail, newMember, newOwner, newStaff, PASSWORD, secretOf, need } from './testing/people.ts';

await createTestDatabase();

const OTHER_PASSWORD = 'amber lighthouse 31';

async function tryPassword(email: string, password: string) {
  return signIn(await visitorCtx(), { email, password, userAgent: null });
}

describe('signing up', () => {
  test('gives an account, an organisation with its address, and an empty wallet', async () => {
    const owner = await newOwner('Moban AI');
    expect(owner.slug).toMatch(/^moban-ai/);
    const ctx = await owner.ctx();
    expect(ctx.actor).toMatchObject({ kind: 'customer', role: 'owner', userId: owner.userId });
    expect(await listMyOrganisations(await personCtx(owner.secret))).toMatchObject([
      { name: 'Moban AI', role: 'owner' },
    ]);
    const wallets = await withTx(SYSTEM, (tx) => lockWallets(tx, [ctx.scope.organisationId]));
    expect([...wallets.values()]).toEqual([0n]);
  });

  test('two at once with one address: one wins, the other is told', async () => {
    const email = freshEmail();
    const input = { name: 'A', email, password: PASSWORD, organisationName: 'Race', locale: 'en' } as const;
    const ctx = await visitorCtx();
    const codes = (await Promise.all([signUp(ctx, input), signUp(ctx, input), signUp(ctx, input)])).map(codeOf);
    expect(codes.sort()).toEqual(['accepted', 'emailTaken', 'emailTaken']);
    expect((await listMyOrganisations(await personCtx(await secretOf(email)))).length).toBe(1);
  });

  test('ten organisations of one name at once get ten addresses', async () => {
    const owners = await Promise.all(Array.from({ length: 10 }, () => newOwner('Same Name')));
    expect(new Set(owners.map(({ slug }) => slug)).size).toBe(10);
  });

  test('a weak password changes nothing', async () => {
    const input = { name: 'A', email: freshEmail(), password: 'short', organisationName: 'W', locale: 'en' } as const;
    expect(codeOf(await signUp(await visitorCtx(), input))).toBe('passwordTooShort');
    expect(codeOf(await tryPassword(input.email, 'short'))).toBe('credentialsWrong');
  });

  test('staff are made by the seeding job, and nobody is both staff and customer', async () => {
    const secret = await newStaff(['ops', 'finance']);
    expect((await staffCtx(secret)).actor).toMatchObject({ kind: 'staff', roles: ['finance', 'ops'] });
    expect(codeOf(await createOrganisation(await staffCtx(secret), { name: 'Side business' }))).toBe('accountIsStaff');
    const input = { name: 'B', email: freshEmail(), password: PASSWORD, locale: 'en', roles: ['ops'] } as const;
    await expect(createStaff(await visitorCtx(), input)).rejects.toThrow('signed in');
  });
});

describe('signing in', () => {
  test('eight wrong passwords pause the address, the right one included, and nobody else', async () => {
    const owner = await newOwner();
    const codes: string[] = [];
    for (let i = 0; i < 8; i += 1) codes.push(codeOf(await tryPassword(owner.email, 'wrong password')));
    expect(codes).toEqual([...Array.from({ length: 7 }, () => 'credentialsWrong'), 'signInPaused']);
    expect(codeOf(await tryPassword(owner.email, PASSWORD))).toBe('signInPaused');
    expect(codeOf(await tryPassword((await newOwner()).email, PASSWORD))).toBe('accepted');
  });

  test('attempts sent at once do not slip past the count', async () => {
    const { email } = await newOwner();
    const codes = (await Promise.all(Array.from({ length: 20 }, () => tryPassword(email, 'wrong password')))).map(
      codeOf,
    );
    expect(codes.filter((code) => code === 'credentialsWrong').length).toBe(7);
    expect(codes.filter((code) => code === 'signInPaused').length).toBe(13);
  });

  test('a success forgets the failures before it', async () => {
    const { email } = await newOwner();
    for (let i = 0; i < 7; i += 1) await tryPassword(email, 'wrong password');
    expect(codeOf(await tryPassword(email, PASSWORD))).toBe('accepted');
    expect(codeOf(await tryPassword(email, 'wrong password'))).toBe('credentialsWrong');
  });

  test('an address without an account is refused in the same words, and paused too', async () => {
    const email = freshEmail();
    for (let i = 0; i < 7; i += 1) expect(codeOf(await tryPassword(email, PASSWORD))).toBe('credentialsWrong');
    expect(codeOf(await tryPassword(email, PASSWORD))).toBe('signInPaused');
  });
});

describe('a session', () => {
  test('that is revoked stops at once, and only that one', async () => {
    const owner = await newOwner();
    const second = await secretOf(owner.email);
    const sessions = await listSessions(await personCtx(owner.secret), { secret: owner.secret });
    expect(sessions.map(({ isThisOne }) => isThisOne).sort()).toEqual([false, true]);
    const other = sessions.find(({ isThisOne }) => !isThisOne);
    need(await revokeSession(await personCtx(owner.secret), { id: other?.id ?? '' }));
    await expect(personCtx(second)).rejects.toThrow('no live session');
    await expect(customerCtx(owner.slug, second)).rejects.toThrow('no live session');
    expect((await owner.ctx()).actor.kind).toBe('customer');
  });

  test('of somebody else is not there', async () => {
    const [a, b] = [await newOwner(), await newOwner()];
    const [theirs] = await listSessions(await personCtx(b.secret), { secret: b.secret });
    expect(codeOf(await revokeSession(await personCtx(a.secret), { id: theirs?.id ?? '' }))).toBe('sessionUnknown');
    expect((await findViewer(b.secret))?.email).toBe(b.email);
  });

  test('ends by signing out, and by its time', async () => {
    const owner = await newOwner();
    await signOut(await visitorCtx(), { secret: owner.secret });
    expect(await findViewer(owner.secret)).toBeNull();
    const late = await secretOf(owner.email);
    await withTx(SYSTEM, (tx) => tx.$executeRaw`UPDATE session SET expires_at = kashi_real_now() - interval '1 ms'`);
    expect(await findViewer(late)).toBeNull();
  });

  test('of staff lasts twelve hours, of a customer thirty days', async () => {
    const now = Date.UTC(2026, 0, 1);
    const lifeOf = async (secret: string) => {
      const [session] = await listSessions(await personCtx(secret), { secret });
      return session ? session.expiresAt - session.createdAt : now;
    };
    expect(await lifeOf(await newStaff(['auditor']))).toBe(12 * HOUR_MS);
    expect(await lifeOf((await newOwner()).secret)).toBe(30 * DAY_MS);
  });

  test('without a secret or with another is a visitor', async () => {
    expect(await findViewer(null)).toBeNull();
    expect(await findViewer('x'.repeat(52))).toBeNull();
    await expect(staffCtx(null)).rejects.toThrow('no live session');
    expect((await visitorCtx()).now).toBeGreaterThan(instant(0));
  });
});

describe('a password', () => {
  test('changes with the old one, and ends the other sessions', async () => {
    const owner = await newOwner();
    const second = await secretOf(owner.email);
    const change = { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD, secret: owner.secret };
    expect(need(await changePassword(await personCtx(owner.secret), change))).toEqual({ endedSessions: 1 });
    expect(await findViewer(second)).toBeNull();
    expect(await findViewer(owner.secret)).not.toBeNull();
    expect(codeOf(await tryPassword(owner.email, PASSWORD))).toBe('credentialsWrong');
    expect(codeOf(await tryPassword(owner.email, OTHER_PASSWORD))).toBe('accepted');
  });

  test('is not guessed from a session: wrong ones count', async () => {
    const owner = await newOwner();
    const guess = async (currentPassword: string) =>
      codeOf(
        await changePassword(await personCtx(owner.secret), {
          currentPassword,
          newPassword: OTHER_PASSWORD,
          secret: owner.secret,
        }),
      );
    for (let i = 0; i < 8; i += 1) expect(await guess(`guess number ${i}`)).toBe('currentPasswordWrong');
    expect(await guess(PASSWORD)).toBe('signInPaused');
  });

  test('a weak new one is refused and costs no attempt', async () => {
    const owner = await newOwner();
    const change = { currentPassword: PASSWORD, newPassword: 'password1234', secret: owner.secret };
    for (let i = 0; i < 9; i += 1) {
      expect(codeOf(await changePassword(await personCtx(owner.secret), change))).toBe('passwordCommon');
    }
  });
});

describe('an account', () => {
  test('changes its own name and language', async () => {
    const owner = await newOwner();
    await updateProfile(await personCtx(owner.secret), { name: 'Lin', locale: 'en' });
    expect(await findViewer(owner.secret)).toMatchObject({ name: 'Lin', locale: 'en' });
    await setOwnLocale(await personCtx(owner.secret), { locale: 'zh-CN' });
    expect(await findViewer(owner.secret)).toMatchObject({ name: 'Lin', locale: 'zh-CN' });
  });

  test('founds ten organisations and no more', async () => {
    const { secret } = await newOwner();
    for (let i = 1; i < 10; i += 1) need(await createOrganisation(await personCtx(secret), { name: `Org ${i}` }));
    expect(codeOf(await createOrganisation(await personCtx(secret), { name: 'One more' }))).toBe(
      'organisationsTooMany',
    );
  });
});

test('an organisation is renamed by its managers, and keeps its address', async () => {
  const owner = await newOwner('Before');
  await renameOrganisation(await owner.ctx(), { name: 'After' });
  expect(await getOrganisation(await owner.ctx())).toMatchObject({ name: 'After', slug: owner.slug });
  const member = await newMember(owner, 'member');
  await expect(renameOrganisation(await member.ctx(), { name: 'No' })).rejects.toThrow('may not');
});

test('a system job has the rights of the table and no others', async () => {
  const ctx = await systemCtx('sealing');
  expect(isPermitted(ctx.actor, 'ledger:seal')).toBe(true);
  expect(isPermitted(ctx.actor, 'period:close')).toBe(false);
});
