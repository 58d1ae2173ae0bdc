-- The journals that a wallet of prepaid money did not need: corrections, credit lines, receivables, promotional money,
-- refunds and disputes. Beside the whitelist of pairs stands the list of kinds, with what may be taken back.

-- Kinds of journal -------------------------------------------------------------------------------------------------
CREATE TABLE "journal_kind" (
    "kind" TEXT NOT NULL,
    "is_reversible" BOOLEAN NOT NULL,

    CONSTRAINT "journal_kind_pkey" PRIMARY KEY ("kind")
);

-- Reversible is what only moved money between the customer, the bank and us. What a reservation, an hour or an invoice
-- keeps rows of is put right by kinds of its own, so that those rows and the journals never tell two stories.
INSERT INTO journal_kind (kind, is_reversible) VALUES
  ('topUpSettled', true), ('bankReceived', true), ('transferMatched', true), ('transferReturned', true),
  ('holdPlaced', false), ('commitmentPaid', false), ('usageAccrued', false), ('commitmentEarned', false),
  ('holdReleased', false), ('commitmentReturned', false), ('hoursReturned', true),
  ('invoiceIssued', false), ('residueDropped', false), ('residueReturned', false),
  ('reversal', false), ('postpaidAccrued', false), ('receivablePaid', true),
  ('promoGranted', true), ('promoExpired', false),
  ('creditNoteIssued', false), ('slaCompensated', true), ('goodwillGranted', true),
  ('refundAsked', false), ('refundPaid', true), ('refundFailed', false),
  ('disputeOpened', false), ('disputeBlocked', false), ('disputeWon', false), ('disputeUnblocked', false), ('disputeLost', false);

ALTER TABLE journal_rule ADD FOREIGN KEY (journal_kind) REFERENCES journal_kind;

INSERT INTO account_kind (kind, class, asset, is_locked) VALUES
  ('promo', 'liability', 'CNY/8', true),
  ('receivable', 'asset', 'CNY/8', true),
  ('receivableDisputed', 'asset', 'CNY/8', true),
  ('refundInFlight', 'liability', 'CNY/8', true),
  ('disputed', 'liability', 'CNY/8', true),
  ('disputeHeld', 'asset', 'CNY/8', false),
  ('contraPromo', 'income', 'CNY/8', false),
  ('contraCreditNote', 'income', 'CNY/8', false),
  ('contraSla', 'income', 'CNY/8', false),
  ('compensation', 'expense', 'CNY/8', false);

INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES
  ('holdPlaced', 'promo', 'hold'),
  ('commitmentPaid', 'promo', 'commitment'),
  ('holdReleased', 'hold', 'promo'),
  ('commitmentReturned', 'commitment', 'promo'),
  ('postpaidAccrued', 'receivable', 'revenueAccrued'),
  ('postpaidAccrued', 'capacityReserved', 'capacityUsed'),
  ('postpaidAccrued', 'capacityReserved', 'capacityIdle'),
  ('postpaidAccrued', 'capacityReserved', 'capacityDown'),
  ('receivablePaid', 'wallet', 'receivable'),
  ('receivablePaid', 'wallet', 'receivableDisputed'),
  ('promoGranted', 'contraPromo', 'promo'),
  ('promoExpired', 'promo', 'contraPromo'),
  ('creditNoteIssued', 'contraCreditNote', 'wallet'),
  ('creditNoteIssued', 'vatPayable', 'wallet'),
  ('creditNoteIssued', 'contraCreditNote', 'receivable'),
  ('creditNoteIssued', 'vatPayable', 'receivable'),
  ('slaCompensated', 'contraSla', 'wallet'),
  ('slaCompensated', 'contraSla', 'receivable'),
  ('goodwillGranted', 'compensation', 'wallet'),
  ('goodwillGranted', 'compensation', 'receivable'),
  ('refundAsked', 'wallet', 'refundInFlight'),
  ('refundPaid', 'refundInFlight', 'pspClearing'),
  ('refundPaid', 'refundInFlight', 'bank'),
  ('refundFailed', 'refundInFlight', 'wallet'),
  ('disputeOpened', 'disputeHeld', 'pspClearing'),
  ('disputeBlocked', 'wallet', 'disputed'),
  ('disputeBlocked', 'receivableDisputed', 'disputed'),
  ('disputeWon', 'pspClearing', 'disputeHeld'),
  ('disputeUnblocked', 'disputed', 'wallet'),
  ('disputeUnblocked', 'disputed', 'receivableDisputed'),
  ('disputeLost', 'disputed', 'disputeHeld');

-- A reversal's pairs are those of what may be reversed, the other way round.
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind)
  SELECT DISTINCT 'reversal', r.credit_kind, r.debit_kind FROM journal_rule r JOIN journal_kind k ON k.kind = r.journal_kind WHERE k.is_reversible;

-- Nobody owes us less than nothing: what is paid beyond a receivable belongs into the wallet.
ALTER TABLE account ADD CONSTRAINT account_receivable_ceiling CHECK (kind NOT IN ('receivable', 'receivableDisputed') OR balance_units <= 0);

-- Opens the account of what a dispute takes beyond what a wallet holds. Nobody can ask a bank not to take it, so it has
-- no floor within reach; opened otherwise it would have one of zero.
CREATE FUNCTION ledger_open_debt(p_path text, p_organisation text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  INSERT INTO account (path, kind, asset, organisation_id, balance_units, minimum_units)
  VALUES (p_path, 'receivableDisputed', 'CNY/8', p_organisation, 0, -1000000000000000000) ON CONFLICT (path) DO NOTHING;
END $$;

-- Corrections --------------------------------------------------------------------------------------------------------

-- When something of this moment may become effective: then, or with the first instant of the next month that is open.
CREATE FUNCTION ledger_open_at(p_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_at timestamptz := p_at;
BEGIN
  WHILE EXISTS (SELECT FROM closed_month WHERE month = shanghai_month(v_at)) LOOP
    v_at := (date_trunc('month', v_at AT TIME ZONE 'UTC' + interval '8 hours') + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC';
  END LOOP;
  RETURN v_at;
END $$;

ALTER TABLE journal ADD FOREIGN KEY (reverses_key) REFERENCES journal (key),
  ADD CONSTRAINT journal_reversal_named CHECK ((kind = 'reversal') = (reverses_key IS NOT NULL));

-- A reversal is the original the other way round, leg by leg, of the same organisation and not before it.
CREATE FUNCTION journal_check_reversal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_original journal;
BEGIN
  SELECT * INTO v_original FROM journal WHERE key = NEW.reverses_key;
  IF NOT EXISTS (SELECT FROM journal_kind WHERE kind = v_original.kind AND is_reversible) THEN
    RAISE EXCEPTION 'a % is not reversed: %', v_original.kind, v_original.key USING ERRCODE = 'KL426';
  END IF;
  IF NEW.organisation_id IS DISTINCT FROM v_original.organisation_id OR NEW.effective_at < v_original.effective_at OR EXISTS (
    SELECT FROM (SELECT * FROM posting WHERE journal_id = NEW.id) r
      FULL JOIN (SELECT * FROM posting WHERE journal_id = v_original.id) o USING (leg)
      WHERE (r.account_id, r.asset, r.debit_units, r.credit_units) IS DISTINCT FROM (o.account_id, o.asset, o.credit_units, o.debit_units)) THEN
    RAISE EXCEPTION 'journal % is not % the other way round', NEW.key, v_original.key USING ERRCODE = 'KL427';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_reversal AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind = 'reversal') EXECUTE FUNCTION journal_check_reversal();

-- Reverses a journal, at most once: its legs the other way round, effective with the original, or in the next open month
-- when that one is closed. The same reason again is the same reversal ('exists'), another reason is refused (KL409).
-- The order of refusals: KL404 unknown, KL426 not reversible, KL409 reversed before, KL402 insufficient funds.
CREATE FUNCTION ledger_reverse(p_actor text, p_posted_at timestamptz, p_key text, p_reason text)
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
  ON CONFLICT (key) DO NOTHING RETURNING * INTO v_reversal;
  IF v_reversal.id IS NULL THEN
    SELECT * INTO v_reversal FROM journal j WHERE j.key = v_key;
    IF v_reversal.content_hash <> v_hash THEN
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

-- What a block seals says which journal a reversal takes back; the digests of all others stay as they were.
CREATE OR REPLACE FUNCTION journal_digest(p_id bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT encode(sha256(convert_to(concat_ws('|', j.key, j.kind, coalesce(j.organisation_id, '-'), extract(epoch FROM j.effective_at), extract(epoch FROM j.posted_at),
    j.actor, j.source, j.content_hash, j.reverses_key,
    (SELECT string_agg(concat_ws(',', p.leg, p.account_id, p.asset, p.debit_units, p.credit_units), ';' ORDER BY p.leg)
      FROM posting p WHERE p.journal_id = j.id)), 'UTF8')), 'hex')
  FROM journal j WHERE j.id = p_id
$$;

-- Credit lines -------------------------------------------------------------------------------------------------------

-- How far a wallet may fall below zero, or how much may be open on account: proposed by one person, decided by another.
CREATE TABLE "credit_line_change" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "account_kind" TEXT NOT NULL,
    "limit_units" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "credit_line_change_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "credit_line_change_organisation_id_idx" ON "credit_line_change"("organisation_id");
CREATE UNIQUE INDEX credit_line_proposed ON credit_line_change (organisation_id, account_kind) WHERE state = 'proposed';
CREATE UNIQUE INDEX credit_line_in_force ON credit_line_change (organisation_id, account_kind) WHERE state = 'approved';
ALTER TABLE credit_line_change ADD FOREIGN KEY (organisation_id) REFERENCES organisation,
  ADD CHECK (account_kind IN ('wallet', 'receivable')), ADD CHECK (limit_units BETWEEN 0 AND 1000000000000000000), ADD CHECK (reason <> ''),
  ADD CHECK (state IN ('proposed', 'approved', 'declined', 'replaced')),
  ADD CHECK ((state = 'proposed') = (decided_by IS NULL AND decided_at IS NULL)),
  ADD CONSTRAINT credit_line_two_people CHECK (state = 'declined' OR decided_by <> proposed_by);

CREATE FUNCTION credit_line_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('proposed', 'approved'), ('proposed', 'declined'), ('approved', 'replaced'))
     OR (NEW.id, NEW.organisation_id, NEW.account_kind, NEW.limit_units, NEW.reason, NEW.proposed_by, NEW.proposed_at)
     IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.account_kind, OLD.limit_units, OLD.reason, OLD.proposed_by, OLD.proposed_at) THEN
    RAISE EXCEPTION 'a credit line is proposed, decided and replaced, nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_line_change_fixed BEFORE UPDATE ON credit_line_change FOR EACH ROW EXECUTE FUNCTION credit_line_check_change();
CREATE TRIGGER credit_line_change_kept BEFORE DELETE ON credit_line_change FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- The lowest balance of an account is what the line in force says.
CREATE FUNCTION account_check_minimum() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.minimum_units IS DISTINCT FROM -(SELECT c.limit_units FROM credit_line_change c
      WHERE c.organisation_id = NEW.organisation_id AND c.account_kind = NEW.kind AND c.state = 'approved') THEN
    RAISE EXCEPTION 'the lowest balance of % follows its credit line', NEW.path USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_minimum BEFORE UPDATE ON account FOR EACH ROW
  WHEN (NEW.minimum_units IS DISTINCT FROM OLD.minimum_units) EXECUTE FUNCTION account_check_minimum();

-- Decides a proposal. Answers 'approved', 'declined', 'decided' when it was decided before, 'unknown', 'samePerson', or
-- 'inUse' when more of the line is used than the new limit would allow; only the first two change anything.
CREATE FUNCTION ledger_decide_line(p_id text, p_path text, p_is_approved boolean, p_by text, p_at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_change credit_line_change;
  v_account account;
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  SELECT * INTO v_change FROM credit_line_change WHERE id = p_id FOR UPDATE;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  IF v_change.state <> 'proposed' THEN RETURN 'decided'; END IF;
  IF NOT p_is_approved THEN
    UPDATE credit_line_change SET state = 'declined', decided_by = p_by, decided_at = p_at WHERE id = p_id;
    RETURN 'declined';
  END IF;
  IF v_change.proposed_by = p_by THEN RETURN 'samePerson'; END IF;
  PERFORM ledger_open(p_path, v_change.account_kind, 'CNY/8', v_change.organisation_id);
  SELECT * INTO v_account FROM account WHERE path = p_path FOR UPDATE;
  IF v_account.organisation_id <> v_change.organisation_id OR v_account.kind <> v_change.account_kind THEN RETURN 'unknown'; END IF;
  IF v_account.balance_units < -v_change.limit_units THEN RETURN 'inUse'; END IF;
  UPDATE credit_line_change SET state = 'replaced'
    WHERE organisation_id = v_change.organisation_id AND account_kind = v_change.account_kind AND state = 'approved';
  UPDATE credit_line_change SET state = 'approved', decided_by = p_by, decided_at = p_at WHERE id = p_id;
  UPDATE account SET minimum_units = -v_change.limit_units WHERE id = v_account.id AND minimum_units <> -v_change.limit_units;
  RETURN 'approved';
END $$;

-- Who may read and write ---------------------------------------------------------------------------------------------
GRANT SELECT ON journal_kind, credit_line_change TO kashi_app;
GRANT INSERT ON credit_line_change TO kashi_app;
ALTER TABLE journal_kind ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_line_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY reference ON journal_kind FOR SELECT USING ((SELECT kashi_in_context()));
CREATE POLICY wide ON credit_line_change FOR SELECT USING ((SELECT kashi_is_wide()));
CREATE POLICY proposing ON credit_line_change FOR INSERT WITH CHECK ((SELECT kashi_is_wide()) AND state = 'proposed');
