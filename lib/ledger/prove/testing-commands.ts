import fc from 'fast-check';
import { BOUNDS, type Move, OPERATIONS, OPERATION_NAMES, type Operation, type OperationName } from './operation.ts';
import type { ProofRun } from './run.ts';

/** Of the operations drawn, how many are of the kind in focus: as many as all others together. */
function operationsOf(focus: Extent['focus']): fc.Arbitrary<Operation> {
  const names = OPERATION_NAMES.flatMap((name) => Array.from({ length: OPERATIONS[name] }, () => name));
  const focused = focus === undefined || focus === 'vandals' ? [] : names.map(() => focus);
  return fc.record<Operation>({
    do: fc.constantFrom(...names, ...focused),
    who: fc.nat(BOUNDS.who),
    which: fc.nat(BOUNDS.which),
    amount: fc.nat(BOUNDS.amount),
    when: fc.nat(BOUNDS.when),
  });
}

type Real = { readonly run: ProofRun };
type Command = fc.AsyncCommand<object, Real>;

class Make implements Command {
  readonly move: Move;
  constructor(move: Move) {
    this.move = move;
  }
  check(): boolean {
    return true;
  }
  async run(_: object, { run }: Real): Promise<void> {
    await run.move(this.move);
  }
  toString(): string {
    return JSON.stringify(this.move);
  }
}

/** How many operations a command does at once, and how many commands a run has, at most; what they are full of. */
export type Extent = {
  readonly together: number;
  readonly commands: number;
  readonly focus?: OperationName | 'vandals';
};

/** Runs of commands over the books: operations by the handful, and now and then a vandal. */
export function commandsOf({ together, commands, focus }: Extent) {
  const groups: fc.Arbitrary<Command> = fc
    .array(operationsOf(focus), { minLength: 1, maxLength: together, size: 'max' })
    .map((operations) => new Make({ together: operations }));
  const vandals: fc.Arbitrary<Command> = fc.nat(999).map((vandal) => new Make({ vandal }));
  const kinds = focus === 'vandals' ? [groups, vandals, vandals, vandals] : [groups, groups, groups, vandals];
  return fc.commands(kinds, { maxCommands: commands, size: 'max' });
}
