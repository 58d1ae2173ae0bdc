import pg from 'pg';

/** The reference: a transaction as TPC-B has it, which moves one amount through an account, a teller and a branch. */
const SCALE = 10;
const TELLERS = 10 * SCALE;
const ACCOUNTS_PER_BRANCH = 10_000;

/** Makes the tables of the reference, of ten branches. */
export async function makeBranches(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    CREATE TABLE bench_branch (id int PRIMARY KEY, balance int NOT NULL, filler char(88) NOT NULL DEFAULT '') WITH (fillfactor = 100);
    CREATE TABLE bench_teller (id int PRIMARY KEY, branch int NOT NULL, balance int NOT NULL, filler char(84) NOT NULL DEFAULT '');
    CREATE TABLE bench_account (id int PRIMARY KEY, branch int NOT NULL, balance int NOT NULL, filler char(84) NOT NULL DEFAULT '');
    CREATE TABLE bench_history (teller int, branch int, account int, delta int, at timestamptz);
    INSERT INTO bench_branch SELECT b, 0 FROM generate_series(1, ${SCALE}) AS b;
    INSERT INTO bench_teller SELECT t, (t - 1) / 10 + 1, 0 FROM generate_series(1, ${TELLERS}) AS t;
    INSERT INTO bench_account SELECT a, (a - 1) / ${ACCOUNTS_PER_BRANCH} + 1, 0 FROM generate_series(1, ${ACCOUNTS_PER_BRANCH * SCALE}) AS a`);
  await client.query('VACUUM ANALYZE bench_branch, bench_teller, bench_account');
  await client.end();
}

const named = (text: string, values: readonly number[]): pg.QueryConfig => ({ name: text, text, values: [...values] });

async function transact(client: pg.Client, next: () => number): Promise<void> {
  const pick = (count: number): number => Math.floor(next() * count) + 1;
  const [account, teller, branch, delta] = [
    pick(ACCOUNTS_PER_BRANCH * SCALE),
    pick(TELLERS),
    pick(SCALE),
    pick(10_000) - 5_000,
  ];
  await client.query('BEGIN');
  await client.query(named('UPDATE bench_account SET balance = balance + $1 WHERE id = $2', [delta, account]));
  await client.query(named('SELECT balance FROM bench_account WHERE id = $1', [account]));
  await client.query(named('UPDATE bench_teller SET balance = balance + $1 WHERE id = $2', [delta, teller]));
  await client.query(named('UPDATE bench_branch SET balance = balance + $1 WHERE id = $2', [delta, branch]));
  await client.query(
    named('INSERT INTO bench_history VALUES ($1, $2, $3, $4, now())', [teller, branch, account, delta]),
  );
  await client.query('COMMIT');
}

/** So many clients, each a connection, for so many seconds; how many transactions were committed. */
export async function runTpcb(url: string, clients: number, seconds: number, next: () => number): Promise<number> {
  const open = Array.from({ length: clients }, () => new pg.Client({ connectionString: url }));
  await Promise.all(open.map((client) => client.connect()));
  const endMs = performance.now() + seconds * 1_000;
  let done = 0;
  await Promise.all(
    open.map(async (client) => {
      for (; performance.now() < endMs; done += 1) await transact(client, next);
    }),
  );
  await Promise.all(open.map((client) => client.end()));
  return done;
}
