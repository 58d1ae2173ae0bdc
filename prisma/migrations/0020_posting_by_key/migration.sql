-- What a round and a posting read is found by key, however much has been written before: measured over a few thousand bookings,
-- most of what a booking cost was looking through those before it. And a journal costs fewer statements and fewer index entries.

-- Found by key -------------------------------------------------------------------------------------------------------
-- An EXISTS beside an OR may be answered from a table of all rows that there are, made anew by every statement. A join of the
-- few rows that were added, each with what it points to, is not.
CREATE OR REPLACE FUNCTION reservation_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_id text;
BEGIN
  SELECT a.id INTO v_id FROM added a LEFT JOIN organisation o ON o.id = a.organisation_id LEFT JOIN pool p ON p.id = a.pool_id
    LEFT JOIN sku s ON s.id = a.sku_id LEFT JOIN price_version v ON v.id = a.price_version_id
    WHERE o.id IS NULL OR p.id IS NULL OR s.id IS NULL OR v.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'reservation % points to what is not there', v_id USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION account_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_path text;
BEGIN
  SELECT a.path INTO v_path FROM added a LEFT JOIN account_kind k ON k.kind = a.kind LEFT JOIN organisation o ON o.id = a.organisation_id
    WHERE k.kind IS NULL OR a.organisation_id IS NOT NULL AND o.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'account % is of no kind or of no organisation', v_path USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION allocation_card_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_found record;
BEGIN
  SELECT a.id, a.card_id, c.lifecycle INTO v_found FROM added a LEFT JOIN card c ON c.id = a.card_id
    LEFT JOIN reservation r ON r.id = a.reservation_id AND r.organisation_id = a.organisation_id
    WHERE c.id IS NULL OR c.lifecycle IN ('maintenance', 'repair', 'returned') OR r.id IS NULL LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF v_found.lifecycle IN ('maintenance', 'repair', 'returned') THEN
    RAISE EXCEPTION 'card % is worked on', v_found.card_id USING ERRCODE = 'KS006';
  END IF;
  RAISE EXCEPTION 'allocation % has no card or no reservation', v_found.id USING ERRCODE = '23503';
END $$;

-- As in 0015, found by its id: whoever asked first may have asked an empty table, and the plan of that lasts.
CREATE OR REPLACE FUNCTION quote_kept(p_scope text, p_scope_organisation text, p_actor text, p_request text, p_id text, p_organisation text)
RETURNS TABLE ("id" text, "skuId" text, "poolId" text, "priceVersionId" text, "imageId" text, "cards" int, "topology" text,
  "segmentCards" int, "preferredLevel" text,
  "startAt" timestamptz, "durationSeconds" int, "term" text, "totalUnits" bigint, "expiresAt" timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  RETURN QUERY SELECT q.id, q.sku_id, q.pool_id, q.price_version_id, q.image_id, q.cards, q.topology,
    q.segment_cards, q.preferred_level, q.start_at, q.duration_seconds,
    q.term, q.total_units, q.expires_at FROM (SELECT * FROM quote WHERE id = p_id OFFSET 0) q WHERE q.organisation_id = p_organisation;
END $$;

-- Posting ------------------------------------------------------------------------------------------------------------

-- As ledger_post() below, with an actor and a moment for each journal, so that journals of several callers can go together.
-- Arrays are read by joins over their positions: a subscript of an array of texts is counted out from its beginning.
CREATE FUNCTION ledger_post_each(
  p_actors text[], p_posted_at timestamptz[],
  p_keys text[], p_kinds text[], p_organisations text[], p_effective_at timestamptz[], p_sources text[], p_hashes text[],
  p_paths text[], p_account_kinds text[], p_account_organisations text[], p_assets text[],
  p_leg_journals int[], p_leg_accounts int[], p_debits bigint[], p_credits bigint[]
) RETURNS TABLE (key text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_ids bigint[];
  v_accounts bigint[];
  v_units bigint[];
  v_postings bigint[];
  v_text text;
BEGIN
  IF NOT kashi_in_context() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;

  -- A month cannot close between the check of a journal's month and its commit.
  PERFORM pg_advisory_xact_lock_shared(20_26, 11);

  -- 1. Journals. v_ids[n] is the id of the n-th journal when it is new, NULL when its key exists.
  WITH input AS (
    SELECT * FROM unnest(p_keys, p_kinds, p_organisations, p_effective_at, p_posted_at, p_actors, p_sources, p_hashes)
      WITH ORDINALITY AS i (key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash, n)
  ), made AS (
    INSERT INTO journal (key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash)
    SELECT key, kind, organisation_id, effective_at, posted_at, actor, source::jsonb, content_hash FROM input ORDER BY n
    ON CONFLICT (key) DO NOTHING RETURNING id, key
  )
  SELECT array_agg(made.id ORDER BY input.n) INTO v_ids FROM input LEFT JOIN made USING (key);

  IF array_position(v_ids, NULL) IS NOT NULL THEN
    SELECT i.key INTO v_text FROM unnest(p_keys, p_hashes) AS i (key, content_hash)
      WHERE (SELECT j.content_hash FROM journal j WHERE j.key = i.key) <> i.content_hash LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'journal key % exists with other content', v_text USING ERRCODE = 'KL409';
    END IF;
  END IF;

  -- 2. Accounts: v_accounts[n] is the id of the n-th, v_units[n] and v_postings[n] what is still to be moved in it. A new one
  -- begins with what this call moves into it.
  SELECT array_agg((SELECT a.id FROM account a WHERE a.path = i.path) ORDER BY i.n),
      array_agg(coalesce(c.units, 0) ORDER BY i.n), array_agg(coalesce(c.postings, 0) ORDER BY i.n)
    INTO v_accounts, v_units, v_postings
    FROM unnest(p_paths) WITH ORDINALITY AS i (path, n) LEFT JOIN (
      SELECT l.account, sum(l.credit - l.debit)::bigint AS units, count(*) AS postings
      FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
      JOIN unnest(v_ids) WITH ORDINALITY AS j (id, n) ON j.n = l.journal WHERE j.id IS NOT NULL GROUP BY 1) c ON c.account = i.n;

  IF array_position(v_accounts, NULL) IS NOT NULL THEN
    WITH input AS (
      SELECT * FROM unnest(p_paths, p_account_kinds, p_account_organisations, p_assets, v_accounts, v_units, v_postings)
        WITH ORDINALITY AS i (path, kind, organisation_id, asset, id, units, postings, n)
    ), made AS (
      INSERT INTO account (path, kind, asset, organisation_id, balance_units, minimum_units, posting_count)
      SELECT i.path, i.kind, i.asset, i.organisation_id, CASE WHEN k.is_locked THEN greatest(i.units, 0) END,
        CASE WHEN k.is_locked THEN 0 END, CASE WHEN k.is_locked THEN i.postings ELSE 0 END
      FROM input i LEFT JOIN account_kind k ON k.kind = i.kind WHERE i.id IS NULL
      ORDER BY i.path ON CONFLICT (path) DO NOTHING RETURNING id, path
    )
    SELECT array_agg(coalesce(i.id, m.id) ORDER BY i.n),
        array_agg(CASE WHEN m.id IS NULL THEN i.units ELSE least(i.units, 0) END ORDER BY i.n),
        array_agg(CASE WHEN m.id IS NULL THEN i.postings ELSE 0 END ORDER BY i.n)
      INTO v_accounts, v_units, v_postings FROM input i LEFT JOIN made m USING (path);
    -- Opened by another at this moment: seen by the next statement.
    IF array_position(v_accounts, NULL) IS NOT NULL THEN
      SELECT array_agg((SELECT a.id FROM account a WHERE a.path = i.path) ORDER BY i.n)
        INTO v_accounts FROM unnest(p_paths) WITH ORDINALITY AS i (path, n);
    END IF;
  END IF;

  -- 3. Balances of locked accounts: locked in id order, so that two calls never wait for each other in a ring, and moved.
  PERFORM set_config('kashi.posting', 'yes', true);
  WITH locked AS (
    SELECT a.id, a.path, a.balance_units + c.units AS after_units, a.minimum_units, c.units, c.postings
    FROM unnest(v_accounts, v_units, v_postings) AS c (id, units, postings) JOIN account a ON a.id = c.id
    WHERE a.balance_units IS NOT NULL AND (c.postings > 0 OR c.units < 0) ORDER BY a.id FOR UPDATE OF a
  ), moved AS (
    UPDATE account a SET balance_units = a.balance_units + l.units, posting_count = a.posting_count + l.postings
    FROM locked l WHERE l.id = a.id AND l.after_units >= l.minimum_units
  )
  SELECT l.path INTO v_text FROM locked l WHERE l.after_units < l.minimum_units ORDER BY l.id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'insufficient funds in %', v_text USING ERRCODE = 'KL402';
  END IF;
  PERFORM set_config('kashi.posting', '', true);

  -- 4. Holds follow their accounts' legs: a new one is made as this call leaves it, one that was there moves, which a
  -- resolved one refuses (hold_check_change). The statement sees holds as they were before it.
  IF p_account_kinds && ARRAY['hold', 'commitment'] THEN
    WITH legs AS (
      SELECT a.id, a.kind, a.organisation_id, a.path, min(j.posted_at) AS opened_at, sum(l.credit) AS placed,
        coalesce(sum(l.debit) FILTER (WHERE j.kind IN ('usageAccrued', 'commitmentEarned')), 0) AS captured,
        coalesce(sum(l.debit) FILTER (WHERE j.kind IN ('holdReleased', 'commitmentReturned')), 0) AS released
      FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
      JOIN unnest(v_ids, p_kinds, p_posted_at) WITH ORDINALITY AS j (id, kind, posted_at, n) ON j.n = l.journal
      JOIN unnest(v_accounts, p_account_kinds, p_account_organisations, p_paths) WITH ORDINALITY AS a (id, kind, organisation_id, path, n)
        ON a.n = l.account
      WHERE j.id IS NOT NULL AND a.kind IN ('hold', 'commitment') GROUP BY 1, 2, 3, 4
    ), made AS (
      INSERT INTO hold (account_id, kind, organisation_id, subject, placed_units, captured_units, released_units, opened_at)
      SELECT l.id, l.kind, l.organisation_id, split_part(l.path, ':', 3), l.placed, l.captured, l.released, l.opened_at
      FROM legs l WHERE l.placed > 0 AND (SELECT h.account_id FROM hold h WHERE h.account_id = l.id) IS NULL
      ON CONFLICT (account_id) DO NOTHING
    )
    UPDATE hold h SET placed_units = h.placed_units + l.placed, captured_units = h.captured_units + l.captured,
      released_units = h.released_units + l.released
    FROM legs l WHERE l.id = h.account_id;
  END IF;

  -- 5. Postings; the triggers check them as a whole.
  INSERT INTO posting (journal_id, leg, account_id, asset, debit_units, credit_units)
  SELECT j.id, row_number() OVER (PARTITION BY l.journal ORDER BY l.n), a.id, a.asset, l.debit, l.credit
  FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) WITH ORDINALITY AS l (journal, account, debit, credit, n)
  JOIN unnest(v_ids) WITH ORDINALITY AS j (id, n) ON j.n = l.journal
  JOIN unnest(v_accounts, p_assets) WITH ORDINALITY AS a (id, asset, n) ON a.n = l.account
  WHERE j.id IS NOT NULL;

  RETURN QUERY SELECT j.key, CASE WHEN j.id IS NULL THEN 'exists' ELSE 'created' END FROM unnest(p_keys, v_ids) AS j (key, id);
END $$;

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
LANGUAGE sql AS $$
  SELECT key, outcome FROM ledger_post_each(
    array_fill(p_actor, ARRAY[cardinality(p_keys)]), array_fill(p_posted_at, ARRAY[cardinality(p_keys)]),
    p_keys, p_kinds, p_organisations, p_effective_at, p_sources, p_hashes,
    p_paths, p_account_kinds, p_account_organisations, p_assets, p_leg_journals, p_leg_accounts, p_debits, p_credits)
$$;

-- Journals that are transactions of their own, those of several callers in one statement. The context of each is entered, so
-- that who has none is refused as in a transaction of his own.
CREATE FUNCTION ledger_post_alone(
  p_scopes text[], p_scope_organisations text[], p_requests text[], p_actors text[], p_posted_at timestamptz[],
  p_keys text[], p_kinds text[], p_organisations text[], p_effective_at timestamptz[], p_sources text[], p_hashes text[],
  p_paths text[], p_account_kinds text[], p_account_organisations text[], p_assets text[],
  p_leg_journals int[], p_leg_accounts int[], p_debits bigint[], p_credits bigint[]
) RETURNS TABLE (key text, outcome text)
LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. cardinality(p_keys) LOOP
    PERFORM kashi_enter(p_scopes[i], p_scope_organisations[i], p_actors[i], p_requests[i]);
    IF NOT kashi_in_context() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  END LOOP;
  RETURN QUERY SELECT e.key, e.outcome FROM ledger_post_each(p_actors, p_posted_at, p_keys, p_kinds, p_organisations, p_effective_at,
    p_sources, p_hashes, p_paths, p_account_kinds, p_account_organisations, p_assets, p_leg_journals, p_leg_accounts, p_debits, p_credits) AS e;
END $$;

-- Every statement that adds postings adds whole, balanced journals of permitted pairs, in accounts that are there. Legs
-- are numbered from one and a number stands once, so a journal whose legs begin with one had none before.
CREATE OR REPLACE FUNCTION posting_check() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_found record;
BEGIN
  WITH legs AS (
    SELECT p.journal_id, p.leg, p.asset, p.debit_units, p.credit_units, j.kind AS journal_kind, a.kind, a.asset AS account_asset
    FROM added p LEFT JOIN journal j ON j.id = p.journal_id LEFT JOIN account a ON a.id = p.account_id
  ), sides AS (
    SELECT journal_id, asset, journal_kind, min(leg) AS first_leg, count(*) AS legs, sum(debit_units) = sum(credit_units) AS is_balanced,
      bool_and(journal_kind IS NOT NULL AND kind IS NOT NULL) AS is_known, bool_and(account_asset = asset) AS is_of_asset,
      array_agg(DISTINCT kind) FILTER (WHERE debit_units > 0) AS debits, array_agg(DISTINCT kind) FILTER (WHERE credit_units > 0) AS credits
    FROM legs GROUP BY journal_id, asset, journal_kind
  ), found AS (
    SELECT journal_id, 1 AS rank, '23503' AS code, 'has a posting without an account, or is not there' AS what FROM sides WHERE NOT is_known
    UNION ALL SELECT journal_id, 2, 'KL422', 'does not balance' FROM sides WHERE NOT is_balanced OR legs < 2
    UNION ALL SELECT journal_id, 3, 'KL422', 'already has its postings' FROM sides GROUP BY journal_id HAVING min(first_leg) <> 1
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

-- Index entries that nobody asks for: few journals reverse another, and a hold is looked for by its subject.
DROP INDEX journal_reverses_key_key;
CREATE UNIQUE INDEX journal_reverses_key_key ON journal (reverses_key) WHERE reverses_key IS NOT NULL;
DROP INDEX hold_organisation_id_idx;
