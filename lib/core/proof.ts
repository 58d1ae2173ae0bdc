/** One thing that must hold of the whole database, proven by counting what breaks it. */
export type Proof<Tx> = {
  readonly name: string;
  /** One sentence: what must hold. */
  readonly claim: string;
  /** How many things break it, with the first of them by name. */
  readonly run: (tx: Tx) => Promise<{ readonly violations: number; readonly example: string | null }>;
};

/** What a proof found. */
export type ProofResult = {
  readonly name: string;
  readonly claim: string;
  readonly violations: number;
  readonly example: string | null;
};
