-- Handing a command in and reading its answer: what every booking does, each as one statement that is a transaction of
-- its own. The statement carries its context, so row-level security holds within it as in any other transaction.

-- Sets the context of the transaction that calls it. Whoever may set it by hand may call this; it gives no rights.
CREATE FUNCTION kashi_enter(p_scope text, p_organisation text, p_actor text, p_request text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('kashi.scope', p_scope, true), set_config('kashi.organisation', p_organisation, true),
    set_config('kashi.epoch', '', true), set_config('kashi.actor', p_actor, true), set_config('kashi.request', p_request, true);
END $$;

-- Writes a command into the log, records who asked, and announces it. The same key is the same command for ever: what
-- comes again finds the row that is there, with its answer; a caller whose hash differs has used the key for another
-- request, and nothing is recorded.
CREATE FUNCTION command_submit(
  p_scope text, p_scope_organisation text, p_actor text, p_request text,
  p_id text, p_pool text, p_organisation text, p_kind text, p_payload text, p_hash text, p_key text, p_at timestamptz, p_asked text
) RETURNS TABLE (id text, payload_hash text, answer jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  INSERT INTO command (id, pool_id, organisation_id, kind, payload, payload_hash, idempotency_key, actor, request_id, submitted_at, state)
  VALUES (p_id, p_pool, p_organisation, p_kind, p_payload::jsonb, p_hash, p_key, p_actor, p_request, p_at, 'pending')
  ON CONFLICT DO NOTHING;
  IF FOUND THEN
    id := p_id;
    payload_hash := p_hash;
  ELSE
    SELECT c.id, c.payload_hash, c.answer INTO id, payload_hash, answer FROM command c
      WHERE coalesce(c.organisation_id, '') = coalesce(p_organisation, '') AND c.idempotency_key = p_key;
  END IF;
  IF payload_hash = p_hash THEN
    INSERT INTO audit_event (at, actor, organisation_id, action, target, data, request_id)
    VALUES (p_at, p_actor, nullif(p_scope_organisation, ''), 'command.' || p_kind, id, p_asked::jsonb, p_request);
    PERFORM pg_notify('kashi_command', 'commands');
  END IF;
  RETURN NEXT;
END $$;

-- The answer of a command; no row while it waits, or when it is not the caller's.
CREATE FUNCTION command_answer(p_scope text, p_scope_organisation text, p_actor text, p_request text, p_id text)
RETURNS TABLE (answer jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  RETURN QUERY SELECT c.answer FROM command c WHERE c.id = p_id AND c.state = 'answered';
END $$;

-- A quote of one organisation, as its row keeps it.
CREATE FUNCTION quote_kept(p_scope text, p_scope_organisation text, p_actor text, p_request text, p_id text, p_organisation text)
RETURNS TABLE ("id" text, "skuId" text, "poolId" text, "priceVersionId" text, "imageId" text, "cards" int, "topology" text,
  "startAt" timestamptz, "durationSeconds" int, "term" text, "totalUnits" bigint, "expiresAt" timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  RETURN QUERY SELECT q.id, q.sku_id, q.pool_id, q.price_version_id, q.image_id, q.cards, q.topology, q.start_at, q.duration_seconds,
    q.term, q.total_units, q.expires_at FROM quote q WHERE q.id = p_id AND q.organisation_id = p_organisation;
END $$;

-- Posting, for rounds of many bookings ---------------------------------------------------------------------------------

-- Posts whole journals with all their legs. Arrays run in parallel: one entry per journal, per account, per leg.
-- A key that exists with the same content is left as it is ('exists'); with other content the call is refused (KL409).
-- The order of refusals: KL409 key reused, KL403 closed month, KL402 insufficient funds, KL423 hold resolved,
-- KL422 unbalanced, KL424 pair not permitted.
CREATE OR REPLACE FUNCTION ledger_post(
  p_actor text, p_posted_at timestamptz,
  p_keys text[], p_kinds text[], p_organisations text[], p_effective_at timestamptz[], p_sources text[], p_hashes text[],
  p_paths text[], p_account_kinds text[], p_account_organisations text[], p_assets text[],
  p_leg_journals int[], p_leg_accounts int[], p_debits bigint[], p_credits bigint[]
) RETURNS TABLE (key text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_ids bigint[];
  v_accounts bigint[];
  v_made bigint[];
  v_text text;
BEGIN
  IF NOT kashi_in_context() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;

  -- A month cannot close between the check of a journal's month and its commit.
  PERFORM pg_advisory_xact_lock_shared(20_26, 11);

  -- 1. Journals. v_ids[n] is the id of the n-th journal when it is new, NULL when its key exists.
  WITH input AS (
    SELECT * FROM unnest(p_keys, p_kinds, p_organisations, p_effective_at, p_sources, p_hashes)
      WITH ORDINALITY AS i (key, kind, organisation_id, effective_at, source, content_hash, n)
  ), made AS (
    INSERT INTO journal (key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash)
    SELECT key, kind, organisation_id, effective_at, p_posted_at, p_actor, source::jsonb, content_hash FROM input ORDER BY n
    ON CONFLICT (key) DO NOTHING RETURNING id, key
  )
  SELECT array_agg(made.id ORDER BY input.n) INTO v_ids FROM input LEFT JOIN made USING (key);

  SELECT j.key INTO v_text FROM unnest(p_keys, p_hashes) AS i (key, content_hash) JOIN journal j ON j.key = i.key
    WHERE j.content_hash <> i.content_hash LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal key % exists with other content', v_text USING ERRCODE = 'KL409';
  END IF;

  -- 2. Accounts. A new one begins with what this call moves in it. v_accounts[n] is the id of the n-th account, v_made
  -- holds the ids of the new ones.
  WITH change AS (
    SELECT l.account AS n, sum(l.credit - l.debit) AS units, count(*) AS postings
    FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
    WHERE v_ids[l.journal] IS NOT NULL GROUP BY 1
  ), made AS (
    INSERT INTO account (path, kind, asset, organisation_id, balance_units, minimum_units, posting_count)
    SELECT i.path, i.kind, i.asset, i.organisation_id, CASE WHEN k.is_locked THEN greatest(coalesce(c.units, 0), 0) END,
      CASE WHEN k.is_locked THEN 0 END, CASE WHEN k.is_locked THEN coalesce(c.postings, 0) ELSE 0 END
    FROM unnest(p_paths, p_account_kinds, p_account_organisations, p_assets) WITH ORDINALITY AS i (path, kind, organisation_id, asset, n)
    LEFT JOIN account_kind k ON k.kind = i.kind LEFT JOIN change c USING (n)
    WHERE NOT EXISTS (SELECT FROM account a WHERE a.path = i.path)
    ORDER BY i.path ON CONFLICT (path) DO NOTHING RETURNING id
  )
  SELECT coalesce(array_agg(id), '{}') INTO v_made FROM made;

  SELECT array_agg(a.id ORDER BY i.n) INTO v_accounts
    FROM unnest(p_paths) WITH ORDINALITY AS i (path, n) JOIN account a ON a.path = i.path;

  -- 3. Balances of locked accounts, in id order, so that two calls never wait for each other in a ring.
  PERFORM FROM account WHERE id = ANY (v_accounts) AND balance_units IS NOT NULL AND id <> ALL (v_made) ORDER BY id FOR UPDATE;
  PERFORM set_config('kashi.posting', 'yes', true);
  WITH change AS (
    SELECT v_accounts[l.account] AS id, sum(l.credit - l.debit) AS units
    FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
    WHERE v_ids[l.journal] IS NOT NULL GROUP BY 1
  )
  SELECT a.path INTO v_text FROM change c JOIN account a USING (id)
    WHERE CASE WHEN a.id = ANY (v_made) THEN 0 ELSE a.balance_units END + c.units < a.minimum_units ORDER BY a.id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'insufficient funds in %', v_text USING ERRCODE = 'KL402';
  END IF;
  WITH change AS (
    SELECT v_accounts[l.account] AS id, sum(l.credit - l.debit) AS units, count(*) AS postings
    FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
    WHERE v_ids[l.journal] IS NOT NULL GROUP BY 1
  )
  UPDATE account a SET balance_units = a.balance_units + c.units, posting_count = a.posting_count + c.postings
    FROM change c WHERE c.id = a.id AND a.balance_units IS NOT NULL AND a.id <> ALL (v_made);
  PERFORM set_config('kashi.posting', '', true);

  -- 4. Holds follow their accounts' legs: a new one is made as this call leaves it, one that was there moves, which a
  -- resolved one refuses (hold_check_change). The statement sees holds as they were before it.
  WITH legs AS (
    SELECT v_accounts[l.account] AS id, sum(l.credit) AS placed,
      sum(CASE WHEN p_kinds[l.journal] IN ('usageAccrued', 'commitmentEarned') THEN l.debit ELSE 0 END) AS captured,
      sum(CASE WHEN p_kinds[l.journal] IN ('holdReleased', 'commitmentReturned') THEN l.debit ELSE 0 END) AS released
    FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
    WHERE v_ids[l.journal] IS NOT NULL GROUP BY 1
  ), made AS (
    INSERT INTO hold (account_id, kind, organisation_id, subject, placed_units, captured_units, released_units, opened_at)
    SELECT a.id, a.kind, a.organisation_id, split_part(a.path, ':', 3), l.placed, l.captured, l.released, p_posted_at
    FROM legs l JOIN account a USING (id)
    WHERE l.placed > 0 AND a.kind IN ('hold', 'commitment') AND NOT EXISTS (SELECT FROM hold h WHERE h.account_id = a.id)
    ON CONFLICT (account_id) DO NOTHING
  )
  UPDATE hold h SET placed_units = h.placed_units + l.placed, captured_units = h.captured_units + l.captured,
    released_units = h.released_units + l.released
  FROM legs l WHERE l.id = h.account_id;

  -- 5. Postings; the triggers above check them as a whole.
  INSERT INTO posting (journal_id, leg, account_id, asset, debit_units, credit_units)
  SELECT v_ids[l.journal], row_number() OVER (PARTITION BY l.journal ORDER BY l.n), v_accounts[l.account],
    p_assets[l.account], l.debit, l.credit
  FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) WITH ORDINALITY AS l (journal, account, debit, credit, n)
  WHERE v_ids[l.journal] IS NOT NULL;

  RETURN QUERY SELECT p_keys[i], CASE WHEN v_ids[i] IS NULL THEN 'exists' ELSE 'created' END FROM generate_subscripts(p_keys, 1) AS i;
END $$;

-- A posting has its journal and its account. Neither is ever deleted, truncated or renumbered, so one look per statement
-- proves what a foreign key would prove per row and keep proving: the keys cost more than a third of posting a hold.
ALTER TABLE posting DROP CONSTRAINT posting_journal_id_fkey, DROP CONSTRAINT posting_account_id_fkey;
CREATE TRIGGER account_whole BEFORE TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();
-- Every statement that adds postings adds whole, balanced journals of permitted pairs, in accounts that are there. Its
-- joins go by key, however the tables were when the plan was made: a scan of all journals would grow with the books.
CREATE OR REPLACE FUNCTION posting_check() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_found record;
BEGIN
  WITH legs AS (
    SELECT p.journal_id, p.asset, p.debit_units, p.credit_units, j.kind AS journal_kind, a.kind, a.asset AS account_asset
    FROM added p LEFT JOIN journal j ON j.id = p.journal_id LEFT JOIN account a ON a.id = p.account_id
  ), sides AS (
    SELECT journal_id, asset, journal_kind, count(*) AS legs, sum(debit_units) = sum(credit_units) AS is_balanced,
      bool_and(journal_kind IS NOT NULL AND kind IS NOT NULL) AS is_known, bool_and(account_asset = asset) AS is_of_asset,
      array_agg(DISTINCT kind) FILTER (WHERE debit_units > 0) AS debits, array_agg(DISTINCT kind) FILTER (WHERE credit_units > 0) AS credits
    FROM legs GROUP BY journal_id, asset, journal_kind
  ), whole AS (
    SELECT journal_id, sum(legs) AS legs FROM sides GROUP BY journal_id
  ), found AS (
    SELECT journal_id, 1 AS rank, '23503' AS code, 'has a posting without an account, or is not there' AS what FROM sides WHERE NOT is_known
    UNION ALL SELECT journal_id, 2, 'KL422', 'does not balance' FROM sides WHERE NOT is_balanced OR legs < 2
    UNION ALL SELECT journal_id, 3, 'KL422', 'already has its postings' FROM whole w
      WHERE legs <> (SELECT count(*) FROM posting p WHERE p.journal_id = w.journal_id)
    UNION ALL SELECT journal_id, 4, 'KL422', 'mixes assets in an account' FROM sides WHERE NOT is_of_asset
    UNION ALL SELECT k.journal_id, 5, 'KL424', 'pairs accounts that its kind does not permit'
      FROM (SELECT min(journal_id) AS journal_id, journal_kind, debits, credits FROM sides GROUP BY journal_kind, debits, credits) AS k,
        unnest(k.debits) AS d, unnest(k.credits) AS c
      WHERE NOT EXISTS (SELECT FROM journal_rule r WHERE r.journal_kind = k.journal_kind AND r.debit_kind = d AND r.credit_kind = c)
  )
  SELECT * INTO v_found FROM found ORDER BY rank, journal_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % %', v_found.journal_id, v_found.what USING ERRCODE = v_found.code;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION account_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.path <> OLD.path OR NEW.kind <> OLD.kind OR NEW.asset <> OLD.asset
     OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN
    RAISE EXCEPTION 'the identity of account % does not change', OLD.path USING ERRCODE = 'KS001';
  END IF;
  IF current_setting('kashi.posting', true) IS DISTINCT FROM 'yes'
     AND (NEW.balance_units IS DISTINCT FROM OLD.balance_units OR NEW.posting_count <> OLD.posting_count) THEN
    RAISE EXCEPTION 'the balance of account % changes only by postings', OLD.path USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;

-- The commands that wait, and no others: what a leader asks for each round.
DROP INDEX command_pool_id_state_number_idx;
CREATE INDEX command_pending ON command (pool_id, number) WHERE state = 'pending';
