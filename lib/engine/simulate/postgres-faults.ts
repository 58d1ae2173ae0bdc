import 'server-only';
import type pg from 'pg';

/** Where the database can be made to refuse: the end of a round, of a settlement, the first write after a round. */
export const REFUSALS = {
  round: 'sim_round',
  settlement: 'sim_settlement',
  grant: 'sim_grant',
} as const;
export type Refusal = keyof typeof REFUSALS;

/**
 * Puts the triggers into a simulated market's database. They count in sequences, which no rollback takes back, so that a
 * refusal comes exactly as often as it was asked for.
 */
const TRIGGERS = `
CREATE FUNCTION sim_refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF nextval(TG_ARGV[0]::regclass) < 0 THEN RAISE EXCEPTION 'refused by the simulation'; END IF;
  RETURN NEW;
END $$;
CREATE SEQUENCE sim_round MINVALUE -1000 START 1;
CREATE SEQUENCE sim_settlement MINVALUE -1000 START 1;
CREATE SEQUENCE sim_grant MINVALUE -1000 START 1;
CREATE TRIGGER sim_round BEFORE UPDATE ON pool_lease FOR EACH ROW WHEN (NEW.decisions > OLD.decisions) EXECUTE FUNCTION sim_refuse('sim_round');
CREATE TRIGGER sim_settlement BEFORE UPDATE ON reservation FOR EACH ROW
  WHEN (NEW.settled_at IS NOT NULL AND OLD.settled_at IS NULL) EXECUTE FUNCTION sim_refuse('sim_settlement');
CREATE TRIGGER sim_grant BEFORE INSERT ON device_grant FOR EACH ROW EXECUTE FUNCTION sim_refuse('sim_grant');
CREATE TABLE sim_poison (command_id text PRIMARY KEY);
CREATE FUNCTION sim_poisoned() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF EXISTS (SELECT FROM sim_poison WHERE command_id = NEW.id) THEN RAISE EXCEPTION 'poisoned by the simulation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sim_poisoned BEFORE UPDATE ON command FOR EACH ROW
  WHEN (NEW.answer->'refusal'->>'code' IS DISTINCT FROM 'decisionFailed') EXECUTE FUNCTION sim_poisoned();
`;

/** The simulation's hand in its own database, as its owner. */
export class DatabaseFaults {
  readonly #owner: pg.Client;

  constructor(owner: pg.Client) {
    this.#owner = owner;
  }

  async prepare(): Promise<void> {
    await this.#owner.query(TRIGGERS);
  }

  /** The next `times` writes of a kind are refused. */
  async refuse(what: Refusal, times: number): Promise<void> {
    await this.#owner.query(`SELECT setval($1::regclass, $2, false)`, [REFUSALS[what], times > 0 ? -times : 1]);
  }

  /** True while a refusal that was asked for has not come yet. */
  async isArmed(what: Refusal): Promise<boolean> {
    const { rows } = await this.#owner.query<{ armed: boolean }>(
      `SELECT last_value + is_called::int < 0 AS armed FROM ${REFUSALS[what]}`,
    );
    return rows[0]?.armed === true;
  }

  /** Nothing is refused any more. */
  async relent(): Promise<void> {
    for (const what of Object.keys(REFUSALS) as Refusal[]) await this.refuse(what, 0);
  }

  /** A command that can never be written. */
  async poison(commandId: string): Promise<void> {
    await this.#owner.query('INSERT INTO sim_poison VALUES ($1)', [commandId]);
  }

  /** Whoever leads is taken for dead: the lease is free. */
  async freeLeases(): Promise<void> {
    await this.#owner.query(`UPDATE pool_lease SET expires_at = 'epoch'`);
  }
}
