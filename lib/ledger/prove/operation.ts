import { invariant } from '#lib/core/assert.ts';

/** What an operation may try, with how often it is drawn beside the others. */
export const OPERATIONS = {
  topUp: 10,
  transfer: 3,
  strayTransfer: 1,
  place: 16,
  placeWithPromo: 4,
  charge: 22,
  shrink: 3,
  finish: 5,
  resolveEarly: 1,
  renew: 1,
  hoursReturned: 2,
  correct: 2,
  invoice: 4,
  placeOnAccount: 5,
  postpaid: 10,
  payReceivable: 4,
  lend: 4,
  payArrears: 4,
  promoGrant: 3,
  promoExpire: 2,
  creditNote: 3,
  sla: 2,
  goodwill: 2,
  refundAsk: 3,
  refundPay: 2,
  refundFail: 2,
  disputeOpen: 3,
  disputeWin: 2,
  disputeLose: 1,
  reverse: 3,
  line: 1,
  closeMonth: 1,
  repeat: 2,
  tamper: 1,
  malformed: 1,
} as const;

export type OperationName = keyof typeof OPERATIONS;

/**
 * One attempt on the books, as plain numbers that are read against the books as they are then: so any list of operations
 * can be played, cut and played again.
 */
export type Operation = {
  readonly do: OperationName;
  /** Which organisation. */
  readonly who: number;
  /** Which reservation, refund, journal or variant. */
  readonly which: number;
  readonly amount: number;
  /** Which month and moment. */
  readonly when: number;
};

/** Bounds of an operation's numbers, both included. */
export const BOUNDS = { who: 2, which: 255, amount: 2_000, when: 1_023 } as const;

export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];

const isWhole = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;

/** A piece of a run: operations that go to the books together, or a vandal's try. */
export type Move = { readonly together: readonly Operation[] } | { readonly vandal: number };

function readOperation(value: Record<string, unknown>): Operation {
  const name = OPERATION_NAMES.find((known) => known === value['do']);
  const { who, which, amount, when } = value;
  invariant(
    name &&
      isWhole(who, BOUNDS.who) &&
      isWhole(which, BOUNDS.which) &&
      isWhole(amount, BOUNDS.amount) &&
      isWhole(when, BOUNDS.when),
    `${JSON.stringify(value)} is no operation`,
  );
  return { do: name, who, which, amount, when };
}

/** Reads a log: one move a line, as a failure prints it. Throws when a line is none. */
export function readLog(text: string): Move[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const move: { together?: Record<string, unknown>[]; vandal?: unknown } = JSON.parse(line);
      if (isWhole(move.vandal, Number.MAX_SAFE_INTEGER)) return { vandal: move.vandal };
      invariant(Array.isArray(move.together), `${line} is no move`);
      return { together: move.together.map(readOperation) };
    });
}

/** Writes a log that {@link readLog} reads. */
export function writeLog(moves: readonly Move[]): string {
  return moves.map((move) => JSON.stringify(move)).join('\n');
}
