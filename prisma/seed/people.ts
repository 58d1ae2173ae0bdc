import 'server-only';
import type { StaffRole } from '#lib/core/context.ts';
import { InfrastructureError } from '#lib/core/assert.ts';
import type { Result } from '#lib/core/result.ts';
import { createStaff, signUp } from '#lib/identity/accounts.ts';
import { actAsMember, actAsStaff } from '#lib/identity/acting.ts';
import { systemCtx, visitorCtx } from '#lib/identity/context.ts';
import { inviteMember, signUpInvited } from '#lib/identity/invitations.ts';
import { matchBankLine, recordBankLine } from '#lib/payments/bank-lines.ts';
import { announceTransfer } from '#lib/payments/top-ups.ts';
import { fen, parseFen } from '#lib/core/money.ts';

/** The sign-ins of the demo. Everybody may know the password: the demo listens on this machine only. */
export const DEMO_PASSWORD = 'kashi demo 2026';
export const DEMO_STAFF = [
  { email: 'ops@kashi.example', name: '赵运维', roles: ['ops'] },
  { email: 'finance@kashi.example', name: '钱财务', roles: ['finance'] },
  { email: 'controller@kashi.example', name: '郑复核', roles: ['finance'] },
] as const satisfies readonly { email: string; name: string; roles: readonly StaffRole[] }[];
export const DEMO_CUSTOMERS = [
  {
    organisation: '星图智能',
    fundYuan: '600000',
    people: [
      { email: 'owner@xingtu.example', name: '孙星', role: 'owner' },
      { email: 'engineer@xingtu.example', name: '李图', role: 'member' },
      { email: 'billing@xingtu.example', name: '周账', role: 'billing' },
    ],
  },
  {
    organisation: 'Lingnan Robotics',
    fundYuan: '250000',
    people: [{ email: 'owner@lingnan.example', name: 'Wu Ling', role: 'owner' }],
  },
] as const;

/** The value of what must not be refused while seeding. */
export function must<T>(result: Result<T, { readonly code: string }>, what: string): T {
  if (!result.ok) throw new InfrastructureError(`${what} was refused: ${result.refusal.code}`);
  return result.value;
}

/** Pays in by a bank transfer that finance matches, as a customer would. */
export async function payIn(ownerEmail: string, payerName: string, yuan: string, bankReference: string): Promise<void> {
  const seeding = await systemCtx('seeding');
  const owner = await actAsMember(seeding, { email: ownerEmail });
  const finance = await actAsStaff(seeding, { email: DEMO_STAFF[1].email });
  const payment = must(await announceTransfer(owner, parseFen(yuan) ?? fen(0n)), 'a transfer');
  const line = {
    bankReference,
    receivedAt: finance.now,
    amountYuan: yuan,
    payerName,
    remark: payment.remittanceCode ?? '',
  };
  const { id } = must(await recordBankLine(finance, line), 'a bank line');
  must(await matchBankLine(finance, { bankLineId: id, paymentId: payment.id }), 'a match');
}

/** Opens the demo's accounts: staff, two customers with their members, and money in their wallets. */
export async function seedPeople(): Promise<void> {
  const seeding = await systemCtx('seeding');
  const common = { password: DEMO_PASSWORD, locale: 'zh-CN' as const };
  for (const { email, name, roles } of DEMO_STAFF)
    must(await createStaff(seeding, { ...common, email, name, roles: [...roles] }), email);
  for (const { organisation, people, fundYuan } of DEMO_CUSTOMERS) {
    const [owner, ...others] = people;
    must(
      await signUp(await visitorCtx(), {
        ...common,
        name: owner.name,
        email: owner.email,
        organisationName: organisation,
      }),
      owner.email,
    );
    for (const { email, name, role } of others) {
      const inviter = await actAsMember(seeding, { email: owner.email });
      const { token } = must(await inviteMember(inviter, { email, role }), `inviting ${email}`);
      must(await signUpInvited(await visitorCtx(), { ...common, token, name }), email);
    }
    await payIn(owner.email, organisation, fundYuan, `DEMO-${organisation}`);
  }
}
