import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { dropDatabase, ensureDatabase } from './embedded-postgres.ts';
import { applyMigrations, schemaScript } from './schema-engine.ts';
import { createTestDatabase } from './testing/database.ts';

const migratedUrl = await createTestDatabase();

/** Every column with its type, nullability and whether it has a default; and every primary key and unique index. */
async function shapeOf(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ line: string }>(`
    SELECT concat_ws(' ', table_name, column_name, udt_name, datetime_precision, is_nullable, column_default IS NOT NULL) AS line
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
    UNION ALL
    SELECT concat_ws(' ', 'unique', tablename, regexp_replace(indexdef, '^.* USING ', '')) FROM pg_indexes
    WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%' AND tablename <> '_prisma_migrations' ORDER BY 1`);
  await client.end();
  return rows.map(({ line }) => line);
}

test('the migrations build what the Prisma models say, and what they leave to SQL is on this list', async () => {
  const adminUrl = inject('adminUrl');
  await ensureDatabase(adminUrl, 'models_only');
  const url = new URL(adminUrl);
  url.pathname = '/models_only';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(await schemaScript(url.href));
  await client.end();
  const [models, migrated] = [new Set(await shapeOf(url.href)), new Set(await shapeOf(migratedUrl))];
  await dropDatabase(adminUrl, 'models_only');
  expect([...models].filter((line) => !migrated.has(line))).toEqual([]);
  expect([...migrated].filter((line) => !models.has(line))).toEqual([
    'allocation during tstzrange YES f',
    "unique arrears_policy btree (COALESCE(organisation_id, ''::text)) WHERE (state = 'approved'::text)",
    "unique arrears_policy btree (COALESCE(organisation_id, ''::text)) WHERE (state = 'proposed'::text)",
    "unique command btree (COALESCE(organisation_id, ''::text), idempotency_key)",
    "unique credit_line_change btree (organisation_id, account_kind) WHERE (state = 'approved'::text)",
    "unique credit_line_change btree (organisation_id, account_kind) WHERE (state = 'proposed'::text)",
    'unique credit_note btree (id, invoice_id, organisation_id)',
    "unique credit_note btree (invoice_id) WHERE (state = 'proposed'::text)",
    'unique evidence btree (allocation_id) WHERE (end_at IS NULL)',
    "unique export_file btree (month, kind, COALESCE(organisation_id, ''::text), edition)",
    'unique fapiao btree (id, organisation_id)',
    'unique fapiao_title btree (id, organisation_id)',
    'unique fapiao_title btree (organisation_id) WHERE is_default',
    "unique fapiao_title btree (organisation_id, fapiao_type, name, COALESCE(tax_id, ''::text)) WHERE (removed_at IS NULL)",
    'unique fault_case btree (card_id, cause) WHERE (resolved_at IS NULL)',
    "unique hour_waiver btree (allocation_id, hour_at) WHERE (state <> 'declined'::text)",
    'unique invoice btree (id, organisation_id)',
    'unique journal btree (reverses_key) WHERE (reverses_key IS NOT NULL)',
    "unique period_reopening btree (month) WHERE (state = ANY (ARRAY['asked'::text, 'agreed'::text]))",
    'unique price_agreement btree (id, organisation_id)',
    "unique price_agreement btree (organisation_id, COALESCE(sku_id, ''::text)) WHERE (state = 'proposed'::text)",
    'unique price_version btree (base_id, tier) WHERE ((base_id IS NOT NULL) AND (agreement_id IS NULL))',
    'unique price_version btree (sku_id, valid_from, tier) WHERE (agreement_id IS NULL)',
    'unique project btree (id, organisation_id)',
    'unique refund_request btree (bank_reference) WHERE (bank_reference IS NOT NULL)',
    'unique reservation btree (id, organisation_id)',
    "unique reversal_request btree (journal_key) WHERE (state <> 'declined'::text)",
    "unique sla_policy btree (COALESCE(sku_id, ''::text)) WHERE (state = 'proposed'::text)",
    "unique sla_policy btree (COALESCE(sku_id, ''::text), valid_from) WHERE (state = 'approved'::text)",
    "unique term_refund_policy btree (decided_at) WHERE (state = 'approved'::text)",
    "unique term_refund_policy btree (state) WHERE (state = 'proposed'::text)",
    "unique transfer_offer btree (reservation_id) WHERE (state = 'open'::text)",
    'unique usage_charge btree (allocation_id, number) WHERE (late_at IS NOT NULL)',
    'unique voucher_burn btree (journal_key, grant_id) WHERE (journal_key IS NOT NULL)',
    'unique voucher_grant btree (id, organisation_id)',
  ]);
});

test('no two indexes hold the same part of a table: where a sample shows none of it, the planner takes either', async () => {
  const client = new pg.Client({ connectionString: migratedUrl });
  await client.connect();
  const { rows } = await client.query(`
    SELECT indrelid::regclass::text AS table, pg_get_expr(indpred, indrelid) AS part FROM pg_index
    WHERE indpred IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1`);
  await client.end();
  expect(rows).toEqual([]);
});

test('applying the migrations again applies nothing', async () => {
  expect(await applyMigrations(migratedUrl)).toEqual([]);
});
