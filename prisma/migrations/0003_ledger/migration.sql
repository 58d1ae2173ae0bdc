-- Double entry. Rows come in only through ledger_post(), one statement per call, and never change.

ALTER TABLE account_kind ADD CHECK (class IN ('asset', 'liability', 'income', 'expense', 'capacity')),
  ADD CHECK (asset IN ('CNY/8', 'CARDSEC'));
ALTER TABLE account ADD CHECK ((balance_units IS NULL) = (minimum_units IS NULL)),
  ADD CONSTRAINT account_balance_floor CHECK (balance_units >= minimum_units);
ALTER TABLE posting ADD CHECK (debit_units >= 0 AND credit_units >= 0), ADD CHECK ((debit_units > 0) <> (credit_units > 0));
ALTER TABLE hold ADD CHECK (kind IN ('hold', 'commitment')),
  ADD CHECK (placed_units >= 0 AND captured_units >= 0 AND released_units >= 0),
  ADD CHECK (captured_units + released_units <= placed_units),
  ADD CHECK (resolved_at IS NULL OR captured_units + released_units = placed_units);

INSERT INTO account_kind (kind, class, asset, is_locked) VALUES
  ('wallet', 'liability', 'CNY/8', true),
  ('hold', 'liability', 'CNY/8', true),
  ('commitment', 'liability', 'CNY/8', true),
  ('bank', 'asset', 'CNY/8', false),
  ('pspClearing', 'asset', 'CNY/8', false),
  ('suspense', 'liability', 'CNY/8', false),
  ('revenueAccrued', 'income', 'CNY/8', false),
  ('revenueUsage', 'income', 'CNY/8', false),
  ('vatPayable', 'liability', 'CNY/8', false),
  ('rounding', 'income', 'CNY/8', false),
  ('capacityPool', 'capacity', 'CARDSEC', false),
  ('capacityReserved', 'capacity', 'CARDSEC', false),
  ('capacityUsed', 'capacity', 'CARDSEC', false),
  ('capacityIdle', 'capacity', 'CARDSEC', false),
  ('capacityDown', 'capacity', 'CARDSEC', false);

INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES
  ('topUpSettled', 'pspClearing', 'wallet'),
  ('bankReceived', 'bank', 'suspense'),
  ('transferMatched', 'suspense', 'wallet'),
  ('holdPlaced', 'wallet', 'hold'),
  ('holdPlaced', 'capacityPool', 'capacityReserved'),
  ('commitmentPaid', 'wallet', 'commitment'),
  ('commitmentPaid', 'capacityPool', 'capacityReserved'),
  ('usageAccrued', 'hold', 'revenueAccrued'),
  ('usageAccrued', 'capacityReserved', 'capacityUsed'),
  ('usageAccrued', 'capacityReserved', 'capacityDown'),
  ('commitmentEarned', 'commitment', 'revenueAccrued'),
  ('commitmentEarned', 'capacityReserved', 'capacityUsed'),
  ('commitmentEarned', 'capacityReserved', 'capacityIdle'),
  ('commitmentEarned', 'capacityReserved', 'capacityDown'),
  ('holdReleased', 'hold', 'wallet'),
  ('holdReleased', 'capacityReserved', 'capacityPool'),
  ('commitmentReturned', 'commitment', 'wallet'),
  ('commitmentReturned', 'capacityReserved', 'capacityPool'),
  ('invoiceIssued', 'revenueAccrued', 'revenueUsage'),
  ('invoiceIssued', 'revenueAccrued', 'vatPayable'),
  ('residueDropped', 'revenueAccrued', 'rounding'),
  ('residueDropped', 'revenueAccrued', 'revenueAccrued'),
  ('residueReturned', 'rounding', 'wallet');

CREATE FUNCTION shanghai_month(p_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT to_char(p_at AT TIME ZONE 'UTC' + interval '8 hours', 'YYYY-MM')
$$;

-- A journal may not become effective in a closed month.
CREATE FUNCTION journal_check_month() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_key text;
BEGIN
  SELECT j.key INTO v_key FROM added j JOIN closed_month m ON m.month = shanghai_month(j.effective_at) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % would become effective in a closed month', v_key USING ERRCODE = 'KL403';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_month AFTER INSERT ON journal REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION journal_check_month();

-- Every statement that adds postings adds whole, balanced journals of permitted pairs.
CREATE FUNCTION posting_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_journal bigint;
BEGIN
  SELECT journal_id INTO v_journal FROM added GROUP BY journal_id, asset
    HAVING sum(debit_units) <> sum(credit_units) OR count(*) < 2 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not balance', v_journal USING ERRCODE = 'KL422';
  END IF;
  SELECT a.journal_id INTO v_journal FROM (SELECT journal_id, count(*) AS legs FROM added GROUP BY journal_id) a
    WHERE a.legs <> (SELECT count(*) FROM posting p WHERE p.journal_id = a.journal_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % already has its postings', v_journal USING ERRCODE = 'KL422';
  END IF;
  SELECT p.journal_id INTO v_journal FROM added p JOIN account a ON a.id = p.account_id WHERE a.asset <> p.asset LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % mixes assets in an account', v_journal USING ERRCODE = 'KL422';
  END IF;
  WITH legs AS (
    SELECT DISTINCT p.journal_id, j.kind AS journal_kind, p.asset, a.kind, p.debit_units > 0 AS is_debit
    FROM added p JOIN account a ON a.id = p.account_id JOIN journal j ON j.id = p.journal_id
  )
  SELECT d.journal_id INTO v_journal
    FROM legs d JOIN legs c ON c.journal_id = d.journal_id AND c.asset = d.asset AND d.is_debit AND NOT c.is_debit
    WHERE NOT EXISTS (SELECT FROM journal_rule r
      WHERE r.journal_kind = d.journal_kind AND r.debit_kind = d.kind AND r.credit_kind = c.kind) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % pairs accounts that its kind does not permit', v_journal USING ERRCODE = 'KL424';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_whole AFTER INSERT ON posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION posting_check();

-- A journal without postings does not stand at the end of a transaction.
CREATE FUNCTION journal_check_legs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM posting WHERE journal_id = NEW.id) THEN
    RAISE EXCEPTION 'journal % has no postings', NEW.key USING ERRCODE = 'KL422';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_legs AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION journal_check_legs();

CREATE TRIGGER journal_fixed BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER journal_kept BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER posting_fixed BEFORE UPDATE OR DELETE ON posting FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER posting_kept BEFORE TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();

-- A cached balance moves only together with postings: its new value must be what the postings say.
CREATE FUNCTION account_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.path <> OLD.path OR NEW.kind <> OLD.kind OR NEW.asset <> OLD.asset
     OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN
    RAISE EXCEPTION 'the identity of account % does not change', OLD.path USING ERRCODE = 'KS001';
  END IF;
  IF current_setting('kashi.posting', true) IS DISTINCT FROM 'yes'
     AND (NEW.balance_units IS DISTINCT FROM OLD.balance_units OR NEW.posting_count <> OLD.posting_count) THEN
    RAISE EXCEPTION 'the balance of account % changes only by postings', OLD.path USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_change BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION account_check_change();
CREATE TRIGGER account_kept BEFORE DELETE ON account FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- The balances of locked accounts, locked in one order for the rest of the transaction. Absent accounts are absent.
CREATE FUNCTION ledger_lock(p_paths text[]) RETURNS TABLE (path text, balance_units bigint, minimum_units bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT path, balance_units, minimum_units FROM account
  WHERE path = ANY (p_paths) AND balance_units IS NOT NULL AND kashi_is_wide() ORDER BY id FOR UPDATE
$$;

-- Opens an account before its first posting, so that there is a row to lock.
CREATE FUNCTION ledger_open(p_path text, p_kind text, p_asset text, p_organisation text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT kashi_in_context() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  INSERT INTO account (path, kind, asset, organisation_id, balance_units, minimum_units)
  SELECT p_path, k.kind, p_asset, p_organisation, CASE WHEN k.is_locked THEN 0 END, CASE WHEN k.is_locked THEN 0 END
  FROM account_kind k WHERE k.kind = p_kind ON CONFLICT (path) DO NOTHING;
END $$;

-- Posts whole journals with all their legs. Arrays run in parallel: one entry per journal, per account, per leg.
-- A key that exists with the same content is left as it is ('exists'); with other content the call is refused (KL409).
-- The order of refusals: KL409 key reused, KL403 closed month, KL402 insufficient funds, KL423 hold resolved,
-- KL422 unbalanced, KL424 pair not permitted.
CREATE FUNCTION ledger_post(
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

  -- 2. Accounts. v_accounts[n] is the id of the n-th account.
  INSERT INTO account (path, kind, asset, organisation_id, balance_units, minimum_units)
  SELECT i.path, i.kind, i.asset, i.organisation_id, CASE WHEN k.is_locked THEN 0 END, CASE WHEN k.is_locked THEN 0 END
  FROM unnest(p_paths, p_account_kinds, p_account_organisations, p_assets) AS i (path, kind, organisation_id, asset)
  LEFT JOIN account_kind k ON k.kind = i.kind
  WHERE NOT EXISTS (SELECT FROM account a WHERE a.path = i.path)
  ORDER BY i.path ON CONFLICT (path) DO NOTHING;

  SELECT array_agg(a.id ORDER BY i.n) INTO v_accounts
    FROM unnest(p_paths) WITH ORDINALITY AS i (path, n) JOIN account a ON a.path = i.path;

  -- 3. Balances of locked accounts, in id order, so that two calls never wait for each other in a ring.
  PERFORM FROM account WHERE id = ANY (v_accounts) AND balance_units IS NOT NULL ORDER BY id FOR UPDATE;
  PERFORM set_config('kashi.posting', 'yes', true);
  WITH change AS (
    SELECT v_accounts[l.account] AS id, sum(l.credit - l.debit) AS units, count(*) AS postings
    FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
    WHERE v_ids[l.journal] IS NOT NULL GROUP BY 1
  )
  SELECT a.path INTO v_text FROM change c JOIN account a USING (id)
    WHERE a.balance_units + c.units < a.minimum_units ORDER BY a.id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'insufficient funds in %', v_text USING ERRCODE = 'KL402';
  END IF;
  WITH change AS (
    SELECT v_accounts[l.account] AS id, sum(l.credit - l.debit) AS units, count(*) AS postings
    FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
    WHERE v_ids[l.journal] IS NOT NULL GROUP BY 1
  )
  UPDATE account a SET balance_units = a.balance_units + c.units, posting_count = a.posting_count + c.postings
    FROM change c WHERE c.id = a.id AND a.balance_units IS NOT NULL;
  PERFORM set_config('kashi.posting', '', true);

  -- 4. Holds follow their accounts' legs. A resolved hold refuses (hold_check_change).
  INSERT INTO hold (account_id, kind, organisation_id, subject, placed_units, captured_units, released_units, opened_at)
  SELECT DISTINCT a.id, a.kind, a.organisation_id, split_part(a.path, ':', 3), 0, 0, 0, p_posted_at
  FROM unnest(p_leg_journals, p_leg_accounts, p_credits) AS l (journal, account, credit)
  JOIN account a ON a.id = v_accounts[l.account]
  WHERE v_ids[l.journal] IS NOT NULL AND l.credit > 0 AND a.kind IN ('hold', 'commitment')
  ON CONFLICT (account_id) DO NOTHING;
  WITH legs AS (
    SELECT v_accounts[l.account] AS id, sum(l.credit) AS placed,
      sum(CASE WHEN p_kinds[l.journal] IN ('usageAccrued', 'commitmentEarned') THEN l.debit ELSE 0 END) AS captured,
      sum(CASE WHEN p_kinds[l.journal] IN ('holdReleased', 'commitmentReturned') THEN l.debit ELSE 0 END) AS released
    FROM unnest(p_leg_journals, p_leg_accounts, p_debits, p_credits) AS l (journal, account, debit, credit)
    WHERE v_ids[l.journal] IS NOT NULL GROUP BY 1
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

-- Marks a hold resolved: nothing is left in it, and nothing may move in it again.
CREATE FUNCTION ledger_resolve_holds(p_subjects text[], p_at timestamptz) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_count int;
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  UPDATE hold SET resolved_at = p_at WHERE subject = ANY (p_subjects) AND resolved_at IS NULL;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;
CREATE FUNCTION hold_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.resolved_at IS NOT NULL THEN
    RAISE EXCEPTION 'the hold of % is resolved', OLD.subject USING ERRCODE = 'KL423';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hold_change BEFORE UPDATE ON hold FOR EACH ROW EXECUTE FUNCTION hold_check_change();
CREATE TRIGGER hold_kept BEFORE DELETE ON hold FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- Closes a month for the ledger. There is no way back in SQL.
CREATE FUNCTION ledger_close_month(p_month text, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  PERFORM pg_advisory_xact_lock(20_26, 11);
  INSERT INTO closed_month (month, closed_at) VALUES (p_month, p_at) ON CONFLICT DO NOTHING;
END $$;
CREATE TRIGGER closed_month_fixed BEFORE UPDATE OR DELETE ON closed_month FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

CREATE TRIGGER chain_block_fixed BEFORE UPDATE OR DELETE ON chain_block FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER chain_row_fixed BEFORE UPDATE OR DELETE ON chain_row FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- Everything a journal says, as one digest: what the hash chain seals.
CREATE FUNCTION journal_digest(p_id bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(convert_to(concat_ws('|', j.key, j.kind, coalesce(j.organisation_id, '-'), extract(epoch FROM j.effective_at), extract(epoch FROM j.posted_at),
    j.actor, j.source, j.content_hash,
    (SELECT string_agg(concat_ws(',', p.leg, p.account_id, p.asset, p.debit_units, p.credit_units), ';' ORDER BY p.leg)
      FROM posting p WHERE p.journal_id = j.id)), 'UTF8')), 'hex')
  FROM journal j WHERE j.id = p_id
$$;

-- Journals that no block holds. A journal may commit after one with a higher id, so a stretch below the newest sealed
-- id is looked at again; the proof looks at all of them.
CREATE FUNCTION ledger_unsealed(p_most int) RETURNS TABLE (id bigint, digest text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT j.id, journal_digest(j.id) FROM journal j
  WHERE kashi_is_wide()
    AND j.id > coalesce((SELECT max(row_id) FROM chain_row WHERE chain = 'ledger'), 0) - 10000
    AND NOT EXISTS (SELECT FROM chain_row r WHERE r.chain = 'ledger' AND r.row_id = j.id)
  ORDER BY j.id LIMIT p_most
$$;
