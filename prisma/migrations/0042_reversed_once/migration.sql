-- A reversal has two names that nothing else may have: its key, and what it takes back. Of two that come in the same moment the second
-- was to find the first by its key; where the first was half way into the indexes it met it at the other name, and failed.
CREATE OR REPLACE FUNCTION ledger_reverse(p_actor text, p_posted_at timestamptz, p_key text, p_reason text)
RETURNS TABLE (key text, outcome text, effective_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_original journal;
  v_reversal journal;
  v_key text := 'reverse:' || p_key;
  v_hash text;
  v_text text;
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  PERFORM pg_advisory_xact_lock_shared(20_26, 11);
  SELECT * INTO v_original FROM journal j WHERE j.key = p_key;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no journal %', p_key USING ERRCODE = 'KL404'; END IF;
  IF NOT EXISTS (SELECT FROM journal_kind k WHERE k.kind = v_original.kind AND k.is_reversible) THEN
    RAISE EXCEPTION 'a % is not reversed: %', v_original.kind, p_key USING ERRCODE = 'KL426';
  END IF;

  v_hash := encode(sha256(convert_to(concat_ws('|', 'reversal', v_original.content_hash, p_reason), 'UTF8')), 'hex');
  INSERT INTO journal (key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash, reverses_key)
  VALUES (v_key, 'reversal', v_original.organisation_id, ledger_open_at(v_original.effective_at), p_posted_at, p_actor,
    jsonb_build_object('reverses', p_key, 'reason', p_reason), v_hash, p_key)
  ON CONFLICT DO NOTHING RETURNING * INTO v_reversal;
  IF v_reversal.id IS NULL THEN
    SELECT * INTO v_reversal FROM journal j WHERE j.key = v_key;
    IF v_reversal.content_hash IS DISTINCT FROM v_hash THEN
      RAISE EXCEPTION 'journal key % exists with other content', v_key USING ERRCODE = 'KL409';
    END IF;
    RETURN QUERY SELECT v_key, 'exists', v_reversal.effective_at;
    RETURN;
  END IF;

  PERFORM FROM account a WHERE a.balance_units IS NOT NULL
    AND a.id IN (SELECT p.account_id FROM posting p WHERE p.journal_id = v_original.id) ORDER BY a.id FOR UPDATE;
  SELECT a.path INTO v_text FROM account a JOIN (
      SELECT p.account_id, sum(p.debit_units - p.credit_units) AS units FROM posting p WHERE p.journal_id = v_original.id GROUP BY 1) c
    ON c.account_id = a.id WHERE a.balance_units + c.units < a.minimum_units ORDER BY a.id LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'insufficient funds in %', v_text USING ERRCODE = 'KL402'; END IF;
  PERFORM set_config('kashi.posting', 'yes', true);
  UPDATE account a SET balance_units = a.balance_units + c.units, posting_count = a.posting_count + c.postings
    FROM (SELECT p.account_id, sum(p.debit_units - p.credit_units) AS units, count(*) AS postings
      FROM posting p WHERE p.journal_id = v_original.id GROUP BY 1) c
    WHERE c.account_id = a.id AND a.balance_units IS NOT NULL;
  PERFORM set_config('kashi.posting', '', true);
  INSERT INTO posting (journal_id, leg, account_id, asset, debit_units, credit_units)
    SELECT v_reversal.id, p.leg, p.account_id, p.asset, p.credit_units, p.debit_units FROM posting p WHERE p.journal_id = v_original.id;
  RETURN QUERY SELECT v_key, 'created', v_reversal.effective_at;
END $$;
