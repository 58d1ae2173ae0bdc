import type { AccountKind, JournalKind } from '../types.ts';

type Pairs = Readonly<Partial<Record<AccountKind, readonly AccountKind[]>>>;

const SPENT = { capacityReserved: ['capacityUsed', 'capacityIdle', 'capacityDown'] } as const;
const CUSTOMER = ['wallet', 'receivable'] as const;

/**
 * Which accounts may be debited against which, by kind of journal: the model's own whitelist, written down a second time
 * from the chart so that neither it nor the database's can be wrong alone.
 */
export const PAIRS = {
  topUpSettled: { pspClearing: ['wallet'] },
  bankReceived: { bank: ['suspense'] },
  transferMatched: { suspense: ['wallet'] },
  transferReturned: { suspense: ['bank'] },
  holdPlaced: { wallet: ['hold'], lineSetAside: ['hold'], promo: ['hold'], capacityPool: ['capacityReserved'] },
  commitmentPaid: { wallet: ['commitment'], promo: ['commitment'], capacityPool: ['capacityReserved'] },
  usageAccrued: { hold: ['revenueAccrued'], capacityReserved: ['capacityUsed', 'capacityDown'] },
  commitmentEarned: { commitment: ['revenueAccrued'], ...SPENT },
  holdReleased: { hold: ['wallet', 'promo', 'lineSetAside'], capacityReserved: ['capacityPool'] },
  commitmentReturned: { commitment: ['wallet', 'promo'], capacityReserved: ['capacityPool'] },
  hoursReturned: { contraReturned: ['wallet', 'promo'] },
  usageCorrected: {
    wallet: ['revenueAccrued'],
    receivable: ['revenueAccrued'],
    revenueAccrued: ['wallet', 'receivable', 'promo'],
    capacityDown: ['capacityUsed'],
    capacityUsed: ['capacityDown'],
    capacityPool: ['capacityUsed', 'capacityIdle', 'capacityDown'],
  },
  invoiceIssued: { revenueAccrued: ['revenueUsage', 'vatPayable'] },
  residueDropped: { revenueAccrued: ['rounding', 'revenueAccrued'] },
  residueReturned: { rounding: ['wallet', 'receivable'] },
  postpaidAccrued: { receivable: ['lineSetAside'] },
  receivablePaid: { wallet: ['receivable', 'receivableDisputed'] },
  gracePlaced: { arrears: ['hold'], capacityPool: ['capacityReserved'] },
  arrearsPaid: { wallet: ['arrears'] },
  promoGranted: { contraPromo: ['promo'] },
  promoExpired: { promo: ['contraPromo'] },
  promoDeducted: { revenueAccrued: ['contraPromo'] },
  creditNoteIssued: { contraCreditNote: CUSTOMER, vatPayable: CUSTOMER },
  slaCompensated: { contraSla: CUSTOMER },
  goodwillGranted: { compensation: CUSTOMER },
  refundAsked: { wallet: ['refundInFlight'] },
  refundPaid: { refundInFlight: ['pspClearing', 'bank'] },
  refundFailed: { refundInFlight: ['wallet'] },
  disputeOpened: { disputeHeld: ['pspClearing'] },
  disputeBlocked: { wallet: ['disputed'], receivableDisputed: ['disputed'] },
  disputeWon: { pspClearing: ['disputeHeld'] },
  disputeUnblocked: { disputed: ['wallet', 'receivableDisputed'] },
  disputeLost: { disputed: ['disputeHeld'] },
  // Never posted: what a reversal may be is said by its original.
  reversal: {},
} as const satisfies Record<JournalKind, Pairs>;

/** The kinds whose journals may be taken back. */
export const REVERSIBLE: ReadonlySet<JournalKind> = new Set<JournalKind>([
  'topUpSettled',
  'bankReceived',
  'transferMatched',
  'transferReturned',
  'hoursReturned',
  'receivablePaid',
  'promoGranted',
  'slaCompensated',
  'goodwillGranted',
  'refundPaid',
]);

/** The kinds of account whose balance is kept, locked and bounded below. */
export const LOCKED: ReadonlySet<AccountKind> = new Set<AccountKind>([
  'wallet',
  'promo',
  'hold',
  'commitment',
  'lineSetAside',
  'receivable',
  'receivableDisputed',
  'arrears',
  'refundInFlight',
  'disputed',
]);

/** The kinds of account that say what is owed to us, or promised on credit: nobody owes less than nothing. */
export const OWED: ReadonlySet<AccountKind> = new Set<AccountKind>([
  'lineSetAside',
  'receivable',
  'receivableDisputed',
  'arrears',
]);

/** Every pair that a template may make, as `kind: debit → credit`. */
export function permittedPairs(): string[] {
  return (Object.keys(PAIRS) as JournalKind[]).flatMap((kind) => {
    const pairs: Pairs = PAIRS[kind];
    return Object.entries(pairs).flatMap(([debit, credits]) =>
      credits.map((credit) => `${kind}: ${debit} → ${credit}`),
    );
  });
}

export function isPermitted(kind: JournalKind, debit: AccountKind, credit: AccountKind): boolean {
  const pairs: Pairs = PAIRS[kind];
  return pairs[debit]?.includes(credit) ?? false;
}
