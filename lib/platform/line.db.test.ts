import { expect, onTestFinished, test } from 'vitest';
import { Prisma, withTx } from './db.ts';
import { databaseErrorOf } from './database-errors.ts';
import { askDirectly, sendDirectly } from './direct-statements.ts';
import { createTestDatabase, SYSTEM } from './testing/database.ts';

await createTestDatabase();

test('what a transaction asks at once is answered in order, on a connection that takes it so', async () => {
  const warnings: string[] = [];
  const hear = ({ message }: Error): number => warnings.push(message);
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  const answers = await withTx(SYSTEM, (tx) =>
    Promise.all([tx.$queryRaw`SELECT 1 AS n`, tx.$queryRaw`SELECT 2 AS n`, tx.$executeRaw`SELECT 3`]),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], 1]);
  expect(warnings.filter((text) => text.includes('client.query'))).toEqual([]);
});

test('a statement that fails is answered, and holds up nobody behind it', async () => {
  const outcomes: string[] = [];
  const failed = withTx(SYSTEM, async (tx) => {
    const all = await Promise.allSettled([tx.$queryRaw`SELECT 1 / 0`, tx.$queryRaw`SELECT 1`]);
    outcomes.push(...all.map(({ status }) => status));
    throw new Error('given up');
  });
  await expect(failed).rejects.toThrow('given up');
  expect(outcomes).toEqual(['rejected', expect.any(String)]);
  expect(await withTx(SYSTEM, (tx) => tx.$queryRaw`SELECT 1 AS n`)).toEqual([{ n: 1 }]);
});

test('what is sent unheard is carried out before what is asked behind it, and is in the transaction', async () => {
  const seen = await withTx(SYSTEM, async (tx) => {
    sendDirectly(tx, Prisma.sql`CREATE TEMPORARY TABLE heard (n int)`);
    for (const n of [1, 2, 3]) sendDirectly(tx, Prisma.sql`INSERT INTO heard VALUES (${n}::int)`);
    return askDirectly<{ n: number }>(tx, Prisma.sql`SELECT n FROM heard ORDER BY n`);
  });
  expect(seen).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('what fails unheard fails the transaction with its own error, and what is asked behind it too', async () => {
  const noteOf = (work: Parameters<typeof withTx<unknown>>[1]) =>
    withTx(SYSTEM, work).then(
      () => 'committed',
      (error: unknown) => databaseErrorOf(error)?.sqlState,
    );
  const email = 'nobody@failed.example';
  const keep = Prisma.sql`INSERT INTO sign_in_attempt (email, failures, updated_at) VALUES (${email}, 1, now())`;
  const bad = Prisma.sql`SELECT 1 / 0`;
  expect(
    await noteOf(async (tx) => {
      sendDirectly(tx, keep);
      sendDirectly(tx, bad);
    }),
  ).toBe('22012');
  expect(
    await noteOf(async (tx) => {
      sendDirectly(tx, keep);
      sendDirectly(tx, bad);
      await tx.organisation.count();
    }),
  ).toBe('22012');
  expect(await withTx(SYSTEM, (tx) => tx.signInAttempt.count({ where: { email } }))).toBe(0);
});

test('a transaction that goes on from a savepoint fails only with what fails behind it', async () => {
  const codes = await withTx(SYSTEM, async (tx) => {
    const attempt = async (sql: Prisma.Sql): Promise<string | undefined> => {
      await tx.$executeRaw`SAVEPOINT here`;
      const code = await askDirectly(tx, sql).then(
        () => 'done',
        (error: unknown) => databaseErrorOf(error)?.sqlState,
      );
      await tx.$executeRaw`ROLLBACK TO SAVEPOINT here`;
      return code;
    };
    return [await attempt(Prisma.sql`SELECT 1 / 0`), await attempt(Prisma.sql`SELECT 'x'::int`)];
  });
  expect(codes).toEqual(['22012', '22P02']);
});

test('a transaction in which something failed that nobody minded is not committed in silence', async () => {
  const careless = withTx(SYSTEM, async (tx) => {
    await tx.$queryRaw`SELECT 1 / 0`.catch(() => null);
  });
  await expect(careless).rejects.toThrow();
});
