import type { Actor, CustomerRole, StaffRole, SystemJob } from '#lib/core/context.ts';

type Grant = {
  readonly customer?: readonly CustomerRole[];
  readonly staff?: readonly StaffRole[];
  readonly system?: readonly SystemJob[];
  /** Anybody, signed in or not. */
  readonly isPublic?: true;
  /** Anybody who is signed in, whatever their organisation. */
  readonly isSignedIn?: true;
  /** A person has to do it: a key of the same role may not, so that no key makes keys or members. */
  readonly isPersonal?: true;
};

const EVERY_CUSTOMER = ['owner', 'admin', 'member', 'billing'] as const;
const BOOKERS = ['owner', 'admin', 'member'] as const;
const MANAGERS = ['owner', 'admin'] as const;
const EVERY_STAFF = ['ops', 'finance', 'admin', 'auditor'] as const;
const OPS = ['ops', 'admin'] as const;
const FINANCE = ['finance', 'admin'] as const;

/**
 * Who may do what: the whole law, one line a permission. `permissions.test.ts` prints it as a matrix to a golden file,
 * so that every change of it shows in review.
 */
export const PERMISSIONS = {
  'account:signUp': { isPublic: true },
  'account:signIn': { isPublic: true },
  'account:manageOwn': { isSignedIn: true },

  'organisation:read': { customer: EVERY_CUSTOMER, staff: EVERY_STAFF },
  'organisation:change': { customer: MANAGERS, isPersonal: true },
  'member:read': { customer: EVERY_CUSTOMER },
  'member:manage': { customer: MANAGERS, isPersonal: true },
  'member:leave': { customer: EVERY_CUSTOMER, isPersonal: true },
  'invitation:read': { isPublic: true },
  'apiKey:manage': { customer: MANAGERS, isPersonal: true },

  'catalog:read': { isPublic: true },
  'availability:read': { isPublic: true },
  'quote:create': { customer: BOOKERS },
  'reservation:read': { customer: EVERY_CUSTOMER, staff: EVERY_STAFF, system: ['engine'] },
  'reservation:create': { customer: BOOKERS },
  'reservation:change': { customer: BOOKERS },
  'command:read': { customer: EVERY_CUSTOMER, staff: OPS },
  'command:decide': { system: ['engine'] },
  'workload:read': { customer: EVERY_CUSTOMER, staff: EVERY_STAFF },
  'workload:submit': { customer: BOOKERS },
  'workload:cancel': { customer: BOOKERS },
  'workload:run': { system: ['engine'] },
  'job:read': { customer: EVERY_CUSTOMER, staff: EVERY_STAFF },
  'job:submit': { customer: BOOKERS },
  'job:cancel': { customer: BOOKERS },
  'queue:watch': { staff: ['ops', 'admin', 'auditor'] },
  'project:read': { customer: EVERY_CUSTOMER },
  'project:manage': { customer: MANAGERS },
  'reading:read': { customer: EVERY_CUSTOMER, staff: EVERY_STAFF },

  'wallet:read': { customer: EVERY_CUSTOMER, staff: ['finance', 'admin', 'auditor'] },
  'payment:read': { customer: EVERY_CUSTOMER, staff: ['finance', 'admin', 'auditor'] },
  'payment:create': { customer: MANAGERS },
  'refund:request': { customer: MANAGERS, isPersonal: true },
  'notice:read': { customer: EVERY_CUSTOMER },
  'usage:read': { customer: EVERY_CUSTOMER, staff: ['finance', 'admin', 'auditor'], system: ['exporting'] },
  'invoice:read': {
    customer: ['owner', 'admin', 'billing'],
    staff: ['finance', 'admin', 'auditor'],
    system: ['exporting'],
  },
  'fapiao:read': { customer: ['owner', 'admin', 'billing'], staff: ['finance', 'admin', 'auditor'] },
  'fapiao:request': { customer: ['owner', 'admin', 'billing'] },
  'fapiao:issue': { staff: FINANCE },
  'fapiao:watch': { staff: ['finance', 'admin', 'auditor'] },

  'inventory:read': { staff: ['ops', 'admin', 'auditor'] },
  'inventory:cordon': { staff: OPS },
  'inventory:maintain': { staff: OPS },
  'inventory:return': { staff: ['admin'] },
  'maintenance:plan': { staff: OPS },
  'device:recover': { staff: OPS },
  'device:drive': { system: ['engine'] },
  'fault:work': { staff: OPS },
  'fault:inject': { staff: OPS },

  'voucher:read': { customer: EVERY_CUSTOMER },
  'voucher:redeem': { customer: MANAGERS, isPersonal: true },
  'voucherProgramme:read': { staff: ['finance', 'admin', 'auditor'] },
  'voucherProgramme:manage': { staff: ['finance'] },
  'voucher:expire': { system: ['engine'] },

  'bankLine:read': { staff: ['finance', 'admin', 'auditor'] },
  'bankLine:record': { staff: FINANCE },
  'bankLine:match': { staff: FINANCE },
  'period:read': { staff: ['finance', 'admin', 'auditor'], system: ['metering'] },
  'period:close': { staff: FINANCE, system: ['billing'] },
  'ledger:read': { staff: ['finance', 'admin', 'auditor'], system: ['exporting'] },
  'ledger:prove': { staff: ['finance', 'admin', 'auditor'], system: ['proving'] },
  'ledger:reverse': { staff: ['finance'] },
  'reversal:decide': { staff: ['finance', 'admin'] },
  'creditNote:propose': { staff: ['finance'] },
  'creditNote:decide': { staff: ['finance', 'admin'] },
  'period:reopen': { staff: ['finance'] },
  'period:agree': { staff: ['finance', 'admin'] },
  'receivable:manage': { staff: ['finance'] },
  'ledger:seal': { system: ['sealing'] },
  'priceAgreement:read': { staff: ['finance', 'admin', 'auditor'] },
  'priceAgreement:propose': { staff: ['finance'] },
  'priceAgreement:decide': { staff: ['finance', 'admin'] },
  'priceAgreement:end': { staff: ['finance', 'admin'] },
  'creditLine:read': { staff: ['finance', 'admin', 'auditor'] },
  'creditLine:propose': { staff: ['finance'] },
  'creditLine:decide': { staff: ['admin'] },
  'arrears:walk': { system: ['engine'] },
  'arrears:read': { staff: ['finance', 'admin', 'auditor'] },
  'arrears:propose': { staff: ['finance', 'admin'] },
  'arrears:decide': { staff: ['finance', 'admin'] },
  'sla:read': { staff: ['finance', 'admin', 'auditor'] },
  'sla:propose': { staff: ['finance', 'admin'] },
  'sla:decide': { staff: ['finance', 'admin'] },
  'sla:give': { staff: FINANCE, system: ['engine', 'billing'] },
  'refundRule:read': { staff: ['finance', 'admin', 'auditor'] },
  'refundRule:propose': { staff: ['finance', 'admin'] },
  'refundRule:decide': { staff: ['finance', 'admin'] },
  'refund:read': { staff: ['finance', 'admin', 'auditor'] },
  'refund:carryOut': { staff: FINANCE },
  'metering:run': { system: ['metering'] },
  'gap:charge': { staff: FINANCE, system: ['metering'] },
  'gap:waive': { staff: ['finance'] },
  'gap:decide': { staff: FINANCE },
  'evidence:read': { staff: ['ops', 'admin', 'auditor'] },
  'evidence:correct': { staff: OPS, system: ['metering'] },
  'audit:read': { customer: MANAGERS, staff: ['admin', 'auditor'] },
  'clock:read': { isPublic: true },
  'clock:move': { staff: ['ops', 'finance', 'admin'], system: ['seeding'] },
  'market:seed': { system: ['seeding'] },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof PERMISSIONS;

/** True when the table grants the permission to the actor. Pure: scope is the database's business. */
export function isPermitted(actor: Actor, permission: Permission): boolean {
  const grant: Grant = PERMISSIONS[permission];
  if (grant.isPublic) return true;
  switch (actor.kind) {
    case 'visitor':
      return false;
    case 'user':
      return grant.isSignedIn ?? false;
    case 'customer':
      return (grant.isSignedIn ?? false) || (grant.customer?.includes(actor.role) ?? false);
    case 'apiKey':
      return !grant.isPersonal && (grant.customer?.includes(actor.role) ?? false);
    case 'staff':
      return (grant.isSignedIn ?? false) || actor.roles.some((role) => grant.staff?.includes(role) ?? false);
    case 'system':
      return grant.system?.includes(actor.job) ?? false;
  }
}
