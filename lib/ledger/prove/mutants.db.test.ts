import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { closeDatabase, openDatabase } from '#lib/platform/db.ts';
import { dropDatabase, ensureDatabase } from '#lib/platform/embedded-postgres.ts';
import { MUTANTS, type Mutant } from './testing-mutants.ts';
import { type Proven, proveBooks } from './testing-proving.ts';

/** Proves books of their own, less a rule. */
async function proveWithout({ apply, focus }: Mutant): Promise<Proven> {
  const adminUrl = inject('adminUrl');
  const name = `mutant_${randomBytes(6).toString('hex')}`;
  await ensureDatabase(adminUrl, name, 'template_kashi');
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  openDatabase(url.href, 2);
  const owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  try {
    await apply(owner);
    const extent = { together: 12, commands: 60, focus };
    return await proveBooks(owner, { operations: 8_000, seed: 7, extent, proveEvery: 8_000, isShrunk: false });
  } finally {
    await owner.end();
    await closeDatabase();
    await dropDatabase(adminUrl, name);
  }
}

test.each(MUTANTS)('books in which $name are found out', async (mutant) => {
  const { failure } = await proveWithout(mutant);
  expect(failure?.reason).toMatch(/must (come to|get|be|have|all)|is broken/);
});
