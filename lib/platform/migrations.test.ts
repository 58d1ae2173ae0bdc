import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../../prisma/migrations');
const FUNCTION = /CREATE (OR REPLACE )?FUNCTION (\w+)\s*\(([\s\S]*?)AS \$\$/g;

/** It only calls `ledger_post_each`, which has the rights that it had. */
const HANDED_ON = ['0020_posting_by_key: ledger_post'];

type Written = {
  readonly migration: string;
  readonly isReplaced: boolean;
  readonly name: string;
  readonly isDefiner: boolean;
};

/** Every text of a function in a migration, in order. */
function functionsIn(migration: string, sql: string): Written[] {
  return [...sql.matchAll(FUNCTION)].map(([, replaced, name = '', head = '']) => ({
    migration,
    isReplaced: replaced !== undefined,
    name,
    isDefiner: head.includes('SECURITY DEFINER'),
  }));
}

/** Replacements that would run with fewer rights than the text before them did: they were written from an older one. */
function weakened(written: readonly Written[]): string[] {
  const last = new Map<string, Written>();
  return written.flatMap((each) => {
    const before = last.get(each.name);
    last.set(each.name, each);
    return each.isReplaced && before?.isDefiner && !each.isDefiner ? [`${each.migration}: ${each.name}`] : [];
  });
}

test('a function that is replaced runs with the rights that it had: its text was written from the newest', () => {
  const migrations = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = migrations.map(({ name }) => name).sort();
  const all = names.flatMap((name) =>
    functionsIn(name, readFileSync(path.join(folder, name, 'migration.sql'), 'utf8')),
  );
  expect(all.length).toBeGreaterThan(50);
  expect(weakened(all)).toEqual(HANDED_ON);
});

test('a text written from an older one is found', () => {
  const older = functionsIn('0001', 'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$;');
  const newer = functionsIn(
    '0002',
    'CREATE OR REPLACE FUNCTION f() RETURNS trigger SECURITY DEFINER AS $$ BEGIN END $$;',
  );
  const oldAgain = functionsIn('0003', 'CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN END $$;');
  expect(weakened([...older, ...newer, ...oldAgain])).toEqual(['0003: f']);
});
