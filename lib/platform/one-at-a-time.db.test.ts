import { expect, onTestFinished, test } from 'vitest';
import { withTx } from './db.ts';
import { createTestDatabase, SYSTEM } from './testing/database.ts';

await createTestDatabase();

test('a transaction asks its connection one thing at a time, whatever is asked at once', async () => {
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
