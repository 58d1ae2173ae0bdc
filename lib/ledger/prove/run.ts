import 'server-only';
import type pg from 'pg';
import type { Ctx } from '#lib/core/context.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { chart } from '../chart.ts';
import { openArrears } from '../arrears.ts';
import { openDisputedDebt } from '../corrections.ts';
import { openWallet } from '../posting.ts';
import { LEDGER_PROOFS } from '../proofs.ts';
import { sealLedger } from '../sealing.ts';
import { compareAll, compareTouched } from './compare.ts';
import type { Move, Operation } from './operation.ts';
import { play } from './play.ts';
import { Broken, performSteps } from './real-books.ts';
import { VANDALS } from './vandals.ts';
import { World } from './world.ts';

/** Who posts in a proof, and who seals. */
const HAND = { scope: { kind: 'system' }, requestId: 'req_prove' } as const;

/** A run in the real books beside its model, and what it has come to so far. */
export class ProofRun {
  readonly world: World;
  readonly log: Move[] = [];
  /** How often each outcome was demanded, and seen. */
  readonly outcomes: Map<string, number>;
  readonly #owner: pg.Client;
  #ticks = 0;

  private constructor(serial: number, owner: pg.Client, outcomes: Map<string, number>) {
    this.world = new World(serial);
    this.#owner = owner;
    this.outcomes = outcomes;
  }

  /** Begins a run with organisations of its own. `owner` has the rights of the tables' owner, for what must be refused even then. */
  static async begin(serial: number, owner: pg.Client, outcomes = new Map<string, number>()): Promise<ProofRun> {
    const run = new ProofRun(serial, owner, outcomes);
    await withTx(run.ctx, async (tx) => {
      for (const org of run.world.organisations) {
        const slug = org.replaceAll('_', '-');
        await tx.$executeRaw`INSERT INTO organisation (id, slug, name, created_at, card_quota) VALUES (${org}, ${slug}, 'Proof', now(), 1)`;
        await openWallet(tx, org);
        for (const { path, kind, asset } of [chart.receivable(org), chart.lineSetAside(org)])
          await tx.$executeRaw`SELECT ledger_open(${path}, ${kind}, ${asset}, ${org})`;
        await openDisputedDebt(tx, org);
        await openArrears(tx, [org]);
      }
    });
    return run;
  }

  get ctx(): Ctx {
    return { ...HAND, actor: { kind: 'system', job: 'proving' }, now: plusSeconds(this.world.now, this.#ticks) };
  }

  /** Plays operations in the model and does them in the real books; throws {@link Broken} where the two part. */
  async together(operations: readonly Operation[]): Promise<void> {
    this.#ticks += 1;
    this.log.push({ together: operations });
    const steps = operations.map((operation) => play(this.world, operation));
    for (const { attempt, expected } of steps)
      if (attempt.kind !== 'nothing') this.outcomes.set(expected, (this.outcomes.get(expected) ?? 0) + 1);
    const [wrong] = this.world.books.wrongs();
    if (wrong !== undefined) throw new Broken(`the model itself is wrong: ${wrong}`);
    const { ctx } = this;
    await withTx(ctx, async (tx) => {
      await performSteps(ctx, tx, steps);
      await compareTouched(tx, this.world.books, steps);
    });
  }

  /** Lets a vandal try; the books must refuse and stay as they are. */
  async vandalise(which: number): Promise<void> {
    this.log.push({ vandal: which });
    const possible = VANDALS.filter((vandal) => vandal.isPossible(this.world));
    const vandal = possible[which % possible.length];
    if (!vandal) return;
    const outcome = await this.#owner.query(vandal.sql(this.world)).then(
      () => 'done',
      (error: unknown) => databaseErrorOf(error)?.sqlState ?? String(error),
    );
    // A refused batch leaves its transaction open.
    await this.#owner.query('ROLLBACK');
    if (outcome !== vandal.state) throw new Broken(`who ${vandal.name} got ${outcome}, but must get ${vandal.state}`);
    this.outcomes.set(`vandal ${outcome}`, (this.outcomes.get(`vandal ${outcome}`) ?? 0) + 1);
  }

  /** Makes a move of a log. */
  async move(move: Move): Promise<void> {
    await ('vandal' in move ? this.vandalise(move.vandal) : this.together(move.together));
  }

  /** Compares everything that the run has touched. */
  async end(): Promise<void> {
    await withTx(this.ctx, (tx) => compareAll(tx, this.world.books, this.world.organisations));
  }
}

/** Seals the ledger and proves all of it; throws {@link Broken} at the first proof that fails. */
export async function proveAll(now: Ctx['now']): Promise<void> {
  await sealLedger({ ...HAND, actor: { kind: 'system', job: 'sealing' }, now });
  for (const { name, run } of LEDGER_PROOFS) {
    const ctx: Ctx = { ...HAND, actor: { kind: 'system', job: 'proving' }, now };
    const { violations, example } = await withTx(ctx, run, { timeoutMs: 600_000 });
    if (violations > 0) throw new Broken(`${name} is broken ${violations} times: ${example}`);
  }
}
