import pg from 'pg';

/** The reference: a booking as nothing but 24 hourly counters that must not pass a total. */
export type SlotWork = {
  readonly kind: 'count';
  readonly url: string;
  readonly clients: number;
  readonly seconds: number;
  readonly hours: number;
  readonly seed: number;
};

/** How many hours one counted booking takes. */
const HOURS_EACH = 24;

/** Makes the table of counters: one row an hour of one pool. */
export async function makeSlots(url: string, hours: number, total: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE TABLE IF NOT EXISTS bench_slot (
    pool int, hour int, used int NOT NULL, total int NOT NULL, PRIMARY KEY (pool, hour), CHECK (used <= total))`);
  await client.query(
    `INSERT INTO bench_slot SELECT 1, h, 0, $2 FROM generate_series(0, $1 - 1) AS h ON CONFLICT DO NOTHING`,
    [hours, total],
  );
  await client.end();
}

/** Each client takes one card for 24 hours at a time, one transaction each; one that does not fit is rolled back. */
export async function countSlots({ url, clients, seconds, hours, seed }: SlotWork) {
  const answers: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const connections = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1_000;
  await Promise.all(
    connections.map(async (connection, n) => {
      for (let i = 0; performance.now() < endMs; i += 1) {
        const first = (i * 8_191 + n * 131 + seed) % (hours - HOURS_EACH);
        const askedMs = performance.now();
        const name = (await countOne(connection, first)) ? 'accepted' : 'full';
        latenciesMs.push(performance.now() - askedMs);
        answers[name] = (answers[name] ?? 0) + 1;
      }
    }),
  );
  const took = (performance.now() - startedMs) / 1_000;
  await Promise.all(connections.map((connection) => connection.end()));
  return { answers, latenciesMs, seconds: took };
}

async function countOne(connection: pg.Client, first: number): Promise<boolean> {
  await connection.query('BEGIN');
  // In the order of their keys, so that two bookings never wait for each other in a ring.
  await connection.query({
    name: 'lock',
    text: 'SELECT FROM bench_slot WHERE pool = 1 AND hour >= $1 AND hour < $2 ORDER BY hour FOR UPDATE',
    values: [first, first + HOURS_EACH],
  });
  const { rowCount } = await connection.query({
    name: 'count',
    text: 'UPDATE bench_slot SET used = used + 1 WHERE pool = 1 AND hour >= $1 AND hour < $2 AND used + 1 <= total',
    values: [first, first + HOURS_EACH],
  });
  const isWhole = rowCount === HOURS_EACH;
  await connection.query(isWhole ? 'COMMIT' : 'ROLLBACK');
  return isWhole;
}
