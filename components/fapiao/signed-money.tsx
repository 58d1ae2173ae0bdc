import { Money } from '#components/format/money-text.tsx';
import { type Fen, fen } from '#lib/core/money.ts';
import type { FapiaoKind } from '#lib/fapiao/types.ts';

/** An amount of a fapiao as it is printed: a red one's is negative. */
export function SignedMoney({ kind, amountFen }: { kind: FapiaoKind; amountFen: Fen }) {
  return <Money fen={kind === 'red' ? fen(-amountFen) : amountFen} />;
}
