-- A posting of one journal costs what its rows cost. Measured before: of 1.6 ms of the database's work, most was the beginning and
-- ending of ten statements full of joins between arrays. What is counted is now counted in a loop over the legs, and every statement
-- writes or locks rows, found by key.

-- Posts whole journals, each with an actor and a moment of its own. Arrays run in parallel: one entry per journal, per account, per
-- leg. A key that exists with the same content is left as it is ('exists'); with other content the call is refused (KL409).
-- The order of refusals: KL409 key reused, KL403 closed month, KL402 insufficient funds, KL423 hold resolved,
-- KL422 unbalanced, KL424 pair not permitted.
CREATE OR REPLACE FUNCTION ledger_post_each(
  p_actors text[], p_posted_at timestamptz[],
  p_keys text[], p_kinds text[], p_organisations text[], p_effective_at timestamptz[], p_sources text[], p_hashes text[],
  p_paths text[], p_account_kinds text[], p_account_organisations text[], p_assets text[],
  p_leg_journals int[], p_leg_accounts int[], p_debits bigint[], p_credits bigint[]
) RETURNS TABLE (key text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_material = off AS $$
#variable_conflict use_column
DECLARE
  v_none bigint[] := array_fill(0::bigint, ARRAY[cardinality(p_paths)]);
  v_journals bigint[]; v_accounts bigint[]; v_is_locked boolean[];
  v_units bigint[] := v_none; v_postings bigint[] := v_none;
  v_placed bigint[] := v_none; v_captured bigint[] := v_none; v_released bigint[] := v_none;
  v_placed_at timestamptz[] := array_fill(NULL::timestamptz, ARRAY[cardinality(p_paths)]);
  v_opened bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_paths)]);
  v_moved bigint[]; v_moved_units bigint[]; v_moved_postings bigint[];
  v_legs int[] := array_fill(0, ARRAY[cardinality(p_keys)]);
  v_leg_journals bigint[] := array_fill(NULL::bigint, ARRAY[cardinality(p_leg_journals)]); v_leg_numbers int[] := p_leg_journals;
  v_makes_holds boolean := false; v_moves_holds boolean := false;
  v_journal int; v_account int; v_count int; v_missing int := 0; v_text text;
BEGIN
  IF NOT kashi_in_context() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;

  -- A month cannot close between the check of a journal's month and its commit.
  PERFORM pg_advisory_xact_lock_shared(20_26, 11);

  -- 1. Journals. v_journals[n] is the id of the n-th when it is new, NULL when its key exists.
  FOR n IN 1 .. cardinality(p_keys) LOOP
    v_journals[n] := nextval('journal_id_seq');
  END LOOP;
  INSERT INTO journal (id, key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash)
  SELECT v_journals[n], p_keys[n], p_kinds[n], p_organisations[n], p_effective_at[n], p_posted_at[n], p_actors[n], p_sources[n]::jsonb, p_hashes[n]
  FROM generate_series(1, cardinality(p_keys)) AS n
  ON CONFLICT (key) DO NOTHING;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count < cardinality(p_keys) THEN
    SELECT array_agg(CASE WHEN j.id = v_journals[n] THEN j.id END ORDER BY n), min(j.key) FILTER (WHERE j.content_hash <> p_hashes[n])
      INTO v_journals, v_text FROM generate_series(1, cardinality(p_keys)) AS n JOIN journal j ON j.key = p_keys[n];
    IF v_text IS NOT NULL THEN
      RAISE EXCEPTION 'journal key % exists with other content', v_text USING ERRCODE = 'KL409';
    END IF;
  END IF;

  -- 2. Accounts: v_accounts[n] is the id of the n-th, v_is_locked[n] whether it keeps a balance.
  SELECT array_agg(a.id ORDER BY n), array_agg(CASE WHEN a.id IS NULL THEN k.is_locked ELSE a.balance_units IS NOT NULL END ORDER BY n)
    INTO v_accounts, v_is_locked
    FROM generate_series(1, cardinality(p_paths)) AS n LEFT JOIN account a ON a.path = p_paths[n]
    LEFT JOIN account_kind k ON k.kind = p_account_kinds[n];

  -- 3. What the legs of new journals come to, in each account and in its hold.
  FOR i IN 1 .. cardinality(p_leg_journals) LOOP
    v_journal := p_leg_journals[i];
    CONTINUE WHEN v_journals[v_journal] IS NULL;
    v_account := p_leg_accounts[i];
    v_legs[v_journal] := v_legs[v_journal] + 1;
    v_leg_journals[i] := v_journals[v_journal];
    v_leg_numbers[i] := v_legs[v_journal];
    v_units[v_account] := v_units[v_account] + p_credits[i] - p_debits[i];
    v_postings[v_account] := v_postings[v_account] + 1;
    CONTINUE WHEN p_account_kinds[v_account] NOT IN ('hold', 'commitment');
    v_placed[v_account] := v_placed[v_account] + p_credits[i];
    v_placed_at[v_account] := least(v_placed_at[v_account], p_posted_at[v_journal]);
    IF p_kinds[v_journal] IN ('usageAccrued', 'commitmentEarned') THEN
      v_captured[v_account] := v_captured[v_account] + p_debits[i];
    ELSIF p_kinds[v_journal] IN ('holdReleased', 'commitmentReturned') THEN
      v_released[v_account] := v_released[v_account] + p_debits[i];
    END IF;
  END LOOP;

  -- 4. Accounts that were not there: a new one begins with what this call moves into it.
  IF array_position(v_accounts, NULL) IS NOT NULL THEN
    FOR n IN 1 .. cardinality(v_accounts) LOOP
      CONTINUE WHEN v_accounts[n] IS NOT NULL;
      v_opened[n] := nextval('account_id_seq');
      v_accounts[n] := v_opened[n];
      v_missing := v_missing + 1;
    END LOOP;
    INSERT INTO account (id, path, kind, asset, organisation_id, balance_units, minimum_units, posting_count)
    SELECT v_opened[n], p_paths[n], p_account_kinds[n], p_assets[n], p_account_organisations[n],
      CASE WHEN v_is_locked[n] THEN greatest(v_units[n], 0) END, CASE WHEN v_is_locked[n] THEN 0 END,
      CASE WHEN v_is_locked[n] THEN v_postings[n] ELSE 0 END
    FROM generate_series(1, cardinality(p_paths)) AS n WHERE v_opened[n] IS NOT NULL ORDER BY p_paths[n] ON CONFLICT (path) DO NOTHING;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    -- Opened by another at this moment: seen by the next statement.
    IF v_count < v_missing THEN
      SELECT array_agg(a.id ORDER BY n), array_agg(CASE WHEN a.id = v_opened[n] THEN a.id END ORDER BY n)
        INTO v_accounts, v_opened FROM generate_series(1, cardinality(p_paths)) AS n JOIN account a ON a.path = p_paths[n];
    END IF;
  END IF;

  -- 5. Balances move in id order, so that two calls never wait for each other in a ring; none below its minimum.
  FOR n IN 1 .. cardinality(v_accounts) LOOP
    CONTINUE WHEN v_postings[n] = 0;
    IF p_account_kinds[n] IN ('hold', 'commitment') THEN
      v_makes_holds := v_makes_holds OR v_placed[n] > 0;
      v_moves_holds := v_moves_holds OR v_opened[n] IS NULL;
    END IF;
    CONTINUE WHEN NOT v_is_locked[n] OR v_opened[n] IS NOT NULL AND v_units[n] >= 0;
    v_moved := v_moved || v_accounts[n];
    v_moved_units := v_moved_units || v_units[n];
    v_moved_postings := v_moved_postings || CASE WHEN v_opened[n] IS NULL THEN v_postings[n] ELSE 0 END;
  END LOOP;
  IF v_moved IS NOT NULL THEN
    PERFORM set_config('kashi.posting', 'yes', true);
    UPDATE account a SET balance_units = a.balance_units + v_moved_units[n], posting_count = a.posting_count + v_moved_postings[n]
      FROM (SELECT n FROM generate_series(1, cardinality(v_moved)) AS n ORDER BY v_moved[n]) AS i (n)
      WHERE a.id = v_moved[n] AND a.balance_units + v_moved_units[n] >= a.minimum_units;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    PERFORM set_config('kashi.posting', '', true);
    IF v_count < cardinality(v_moved) THEN
      SELECT string_agg(a.path, ', ' ORDER BY a.id) INTO v_text FROM account a WHERE a.id = ANY (v_moved);
      RAISE EXCEPTION 'insufficient funds: one of %', v_text USING ERRCODE = 'KL402';
    END IF;
  END IF;

  -- 6. Holds follow their accounts' legs: one that was there moves, which a resolved one refuses (hold_check_change); a new one is
  -- made as this call leaves it.
  IF v_moves_holds THEN
    UPDATE hold h SET placed_units = h.placed_units + v_placed[n], captured_units = h.captured_units + v_captured[n],
      released_units = h.released_units + v_released[n]
    FROM generate_series(1, cardinality(v_accounts)) AS n
    WHERE p_account_kinds[n] IN ('hold', 'commitment') AND v_opened[n] IS NULL AND v_postings[n] > 0 AND h.account_id = v_accounts[n];
  END IF;
  IF v_makes_holds THEN
    INSERT INTO hold (account_id, kind, organisation_id, subject, placed_units, captured_units, released_units, opened_at)
    SELECT v_accounts[n], p_account_kinds[n], p_account_organisations[n], split_part(p_paths[n], ':', 3), v_placed[n], v_captured[n],
      v_released[n], v_placed_at[n]
    FROM generate_series(1, cardinality(v_accounts)) AS n
    WHERE p_account_kinds[n] IN ('hold', 'commitment') AND v_placed[n] > 0
      AND (v_opened[n] IS NOT NULL OR (SELECT h.account_id FROM hold h WHERE h.account_id = v_accounts[n]) IS NULL);
  END IF;

  -- 7. Postings; the triggers check them as a whole.
  INSERT INTO posting (journal_id, leg, account_id, asset, debit_units, credit_units)
  SELECT v_leg_journals[n], v_leg_numbers[n], v_accounts[p_leg_accounts[n]], p_assets[p_leg_accounts[n]], p_debits[n], p_credits[n]
  FROM generate_series(1, cardinality(p_leg_journals)) AS n WHERE v_leg_journals[n] IS NOT NULL;

  FOR n IN 1 .. cardinality(p_keys) LOOP
    key := p_keys[n];
    outcome := CASE WHEN v_journals[n] IS NULL THEN 'exists' ELSE 'created' END;
    RETURN NEXT;
  END LOOP;
END $$;

-- Every statement that adds postings adds whole, balanced journals of permitted pairs, in accounts that are there. Legs
-- are numbered from one and a number stands once, so a journal whose legs begin with one had none before.
CREATE OR REPLACE FUNCTION posting_check() RETURNS trigger LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_found record;
BEGIN
  SELECT k.journal_id, coalesce(k.wrong, 'pairs accounts that its kind does not permit') AS what,
      CASE WHEN k.wrong IS NULL THEN 'KL424' WHEN k.wrong LIKE 'has a posting without%' THEN '23503' ELSE 'KL422' END AS code INTO v_found
    FROM (
      SELECT coalesce(min(journal_id) FILTER (WHERE wrong IS NOT NULL), min(journal_id)) AS journal_id, journal_kind, debits, credits, min(wrong) AS wrong
      FROM (
        SELECT p.journal_id, j.kind AS journal_kind,
          array_agg(a.kind) FILTER (WHERE p.debit_units > 0) AS debits, array_agg(a.kind) FILTER (WHERE p.credit_units > 0) AS credits,
          CASE WHEN NOT bool_and(j.kind IS NOT NULL AND a.kind IS NOT NULL) THEN 'has a posting without an account, or is not there'
            WHEN sum(p.debit_units) <> sum(p.credit_units) OR count(*) < 2 THEN 'does not balance'
            WHEN min(min(p.leg)) OVER (PARTITION BY p.journal_id) <> 1 THEN 'already has its postings'
            WHEN NOT bool_and(a.asset = p.asset) THEN 'mixes assets in an account' END AS wrong
        FROM added p LEFT JOIN journal j ON j.id = p.journal_id LEFT JOIN account a ON a.id = p.account_id
        GROUP BY p.journal_id, p.asset, j.kind) AS side
      GROUP BY journal_kind, debits, credits) AS k
    WHERE k.wrong IS NOT NULL OR EXISTS (SELECT FROM unnest(k.debits) AS d, unnest(k.credits) AS c
      WHERE NOT EXISTS (SELECT FROM journal_rule r WHERE r.journal_kind = k.journal_kind AND r.debit_kind = d AND r.credit_kind = c))
    ORDER BY 3, 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % %', v_found.journal_id, v_found.what USING ERRCODE = v_found.code;
  END IF;
  RETURN NULL;
END $$;

-- An index whose condition names a balance is one more reason to write all entries of an account anew whenever it moves. Without
-- such a condition the row moves within its page and no index hears of it.
DROP INDEX account_in_arrears;
DROP INDEX account_promo_left;
CREATE INDEX account_in_arrears ON account (organisation_id) WHERE kind = 'arrears';
CREATE INDEX account_promo ON account (id) WHERE kind = 'promo';

-- What is owed is not spent on anything else: a wallet that pays for something keeps what its organisation owes. Asked only of
-- the wallets that pay, so those who owed once and paid cost nobody else anything.
CREATE OR REPLACE FUNCTION posting_check_arrears() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_path text;
BEGIN
  SELECT w.path INTO v_path FROM added p
    JOIN account w ON w.id = p.account_id AND w.kind = 'wallet'
    JOIN account d ON d.organisation_id = w.organisation_id AND d.kind = 'arrears' AND d.balance_units < 0
    JOIN journal j ON j.id = p.journal_id AND j.kind NOT IN ('arrearsPaid', 'reversal', 'disputeBlocked')
    WHERE p.debit_units > 0 AND w.balance_units - w.minimum_units + d.balance_units < 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'what % holds is owed', v_path USING ERRCODE = 'KL402';
  END IF;
  RETURN NULL;
END $$;

-- A journal without postings does not stand at the end of a transaction, in whose context ever that is: several callers' journals go
-- together, and before PostgreSQL 18 what is put off runs as whoever commits, who sees only his own. It runs once for each of ten
-- thousand rows of an hour, so it names its schema instead of setting a path.
CREATE OR REPLACE FUNCTION journal_check_legs() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.posting WHERE journal_id = NEW.id) THEN
    RAISE EXCEPTION 'journal % has no postings', NEW.key USING ERRCODE = 'KL422';
  END IF;
  RETURN NULL;
END $$;

-- The same with one actor and one moment for all of them: said by the caller, who had a function around this one only for that.
DROP FUNCTION ledger_post(text, timestamptz, text[], text[], text[], timestamptz[], text[], text[], text[], text[], text[], text[],
  int[], int[], bigint[], bigint[]);

-- Rows that stand beside journals in one transaction: a payment that arrives settled, a line of the bank's statement. Written under
-- the rights of whoever calls; false when there is such a row already.
CREATE FUNCTION payment_beside(p_row jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO payment SELECT * FROM jsonb_populate_record(NULL::payment, p_row) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
CREATE FUNCTION bank_line_beside(p_row jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO bank_line SELECT * FROM jsonb_populate_record(NULL::bank_line, p_row) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;

-- Journals that are transactions of their own, those of several callers in one statement. The context of each is entered, so that
-- who has none is refused as in a transaction of his own; in it the row beside the journal and the record of the act are written.
-- Declined (KL430), because it takes more than this statement: a row that is there already, and money for an organisation that owes
-- for hours of grace, which is paid in the same transaction.
DROP FUNCTION ledger_post_alone(text[], text[], text[], text[], timestamptz[], text[], text[], text[], timestamptz[], text[], text[],
  text[], text[], text[], text[], int[], int[], bigint[], bigint[]);
CREATE FUNCTION ledger_post_alone(
  p_scopes text[], p_scope_organisations text[], p_requests text[], p_actors text[], p_posted_at timestamptz[],
  p_besides text[], p_rows text[], p_actions text[], p_targets text[], p_data text[],
  p_keys text[], p_kinds text[], p_organisations text[], p_effective_at timestamptz[], p_sources text[], p_hashes text[],
  p_paths text[], p_account_kinds text[], p_account_organisations text[], p_assets text[],
  p_leg_journals int[], p_leg_accounts int[], p_debits bigint[], p_credits bigint[]
) RETURNS TABLE (key text, outcome text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_is_new boolean;
BEGIN
  FOR i IN 1 .. cardinality(p_keys) LOOP
    PERFORM kashi_enter(p_scopes[i], p_scope_organisations[i], p_actors[i], p_requests[i]);
    IF NOT kashi_in_context() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
    CONTINUE WHEN p_besides[i] IS NULL;
    v_is_new := CASE p_besides[i] WHEN 'payment' THEN payment_beside(p_rows[i]::jsonb) WHEN 'bankLine' THEN bank_line_beside(p_rows[i]::jsonb) END;
    IF NOT v_is_new THEN
      RAISE EXCEPTION '% is there already', p_targets[i] USING ERRCODE = 'KL430';
    END IF;
    INSERT INTO audit_event (at, actor, organisation_id, action, target, data, request_id)
    VALUES (p_posted_at[i], p_actors[i], nullif(p_scope_organisations[i], ''), p_actions[i], p_targets[i], p_data[i]::jsonb, p_requests[i]);
  END LOOP;
  RETURN QUERY SELECT e.key, e.outcome FROM ledger_post_each(p_actors, p_posted_at, p_keys, p_kinds, p_organisations, p_effective_at,
    p_sources, p_hashes, p_paths, p_account_kinds, p_account_organisations, p_assets, p_leg_journals, p_leg_accounts, p_debits, p_credits) AS e;
  -- Asked now that the wallets are locked: nobody can begin to owe behind this.
  FOR i IN 1 .. cardinality(p_keys) LOOP
    CONTINUE WHEN p_besides[i] IS DISTINCT FROM 'payment';
    PERFORM kashi_enter(p_scopes[i], p_scope_organisations[i], p_actors[i], p_requests[i]);
    IF EXISTS (SELECT FROM account a WHERE a.organisation_id = p_organisations[i] AND a.kind = 'arrears' AND a.balance_units < 0) THEN
      RAISE EXCEPTION '% owes for hours of grace', p_organisations[i] USING ERRCODE = 'KL430';
    END IF;
  END LOOP;
END $$;
