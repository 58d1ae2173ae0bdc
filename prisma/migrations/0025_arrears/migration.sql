-- What happens when money runs out, step by step, and how unused money goes back to whoever paid it.

-- The books ------------------------------------------------------------------------------------------------------------
-- The hours of grace are set aside on credit: what a wallet does not hold is owed, as with disputes, so no wallet falls
-- below its line and nobody's line is lowered for it. Only this kind of journal lends, and only while grace is given.
INSERT INTO account_kind (kind, class, asset, is_locked) VALUES ('arrears', 'asset', 'CNY/8', true);
INSERT INTO journal_kind (kind, is_reversible) VALUES ('gracePlaced', false), ('arrearsPaid', false);
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES
  ('gracePlaced', 'arrears', 'hold'),
  ('gracePlaced', 'capacityPool', 'capacityReserved'),
  ('arrearsPaid', 'wallet', 'arrears');
ALTER TABLE account ADD CONSTRAINT account_arrears_ceiling CHECK (kind <> 'arrears' OR balance_units <= 0);
CREATE INDEX account_in_arrears ON account (organisation_id) WHERE kind = 'arrears' AND balance_units < 0;

-- Opens the account of what grace lends. What may be lent is bounded by time, not by an amount; journal_check_grace()
-- below is the bound.
CREATE FUNCTION ledger_open_arrears(p_path text, p_organisation text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  INSERT INTO account (path, kind, asset, organisation_id, balance_units, minimum_units)
  VALUES (p_path, 'arrears', 'CNY/8', p_organisation, 0, -1000000000000000000) ON CONFLICT (path) DO NOTHING;
END $$;

-- What is owed is not spent on anything else: a wallet that pays for something keeps what its organisation owes. The
-- index of debtors is nearly always empty, and then a look at it is all that this costs.
CREATE FUNCTION posting_check_arrears() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_path text;
BEGIN
  IF NOT EXISTS (SELECT FROM account WHERE kind = 'arrears' AND balance_units < 0) THEN RETURN NULL; END IF;
  SELECT w.path INTO v_path FROM account d
    JOIN account w ON w.organisation_id = d.organisation_id AND w.kind = 'wallet'
    JOIN added p ON p.account_id = w.id AND p.debit_units > 0
    JOIN journal j ON j.id = p.journal_id AND j.kind NOT IN ('arrearsPaid', 'reversal', 'disputeBlocked')
    WHERE d.kind = 'arrears' AND d.balance_units < 0 AND w.balance_units - w.minimum_units + d.balance_units < 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'what % holds is owed', v_path USING ERRCODE = 'KL402';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_arrears AFTER INSERT ON posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION posting_check_arrears();

-- Reservations ---------------------------------------------------------------------------------------------------------
-- Since when an open end runs in its grace: up to there it was paid, and it is held to held_until on credit.
ALTER TABLE "reservation" ADD COLUMN "grace_from" TIMESTAMPTZ(3);
ALTER TABLE reservation ADD CONSTRAINT reservation_grace_check
  CHECK (grace_from IS NULL OR (end_at IS NULL AND purchase = 'by-hour' AND held_until > grace_from));
CREATE INDEX reservation_open_end ON reservation (organisation_id) WHERE state = 'active' AND end_at IS NULL;
CREATE INDEX reservation_stopped ON reservation (organisation_id, ended_at) WHERE end_reason = 'funds';

-- The policy -----------------------------------------------------------------------------------------------------------
-- Versions: the operator's own (no organisation) and those of single organisations. Proposed by one, decided by another.
CREATE TABLE "arrears_policy" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT,
    "first_warning_hours" INTEGER NOT NULL,
    "last_warning_hours" INTEGER NOT NULL,
    "grace_seconds" INTEGER NOT NULL,
    "retention_days" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    CONSTRAINT "arrears_policy_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX arrears_policy_proposed ON arrears_policy (coalesce(organisation_id, '')) WHERE state = 'proposed';
CREATE UNIQUE INDEX arrears_policy_in_force ON arrears_policy (coalesce(organisation_id, '')) WHERE state = 'approved';
ALTER TABLE arrears_policy ADD FOREIGN KEY (organisation_id) REFERENCES organisation, ADD CHECK (reason <> ''),
  ADD CONSTRAINT arrears_policy_range_check CHECK (last_warning_hours >= 1 AND first_warning_hours > last_warning_hours
    AND first_warning_hours <= 168 AND grace_seconds BETWEEN 0 AND 259200 AND grace_seconds % 3600 = 0 AND retention_days BETWEEN 1 AND 90),
  ADD CHECK (state IN ('proposed', 'approved', 'declined', 'replaced')),
  ADD CHECK ((state = 'proposed') = (decided_by IS NULL AND decided_at IS NULL)),
  ADD CONSTRAINT arrears_policy_two_people CHECK (state = 'declined' OR decided_by <> proposed_by);
CREATE FUNCTION arrears_policy_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('proposed', 'approved'), ('proposed', 'declined'), ('approved', 'replaced'))
     OR (NEW.id, NEW.first_warning_hours, NEW.last_warning_hours, NEW.grace_seconds, NEW.retention_days, NEW.reason, NEW.proposed_by, NEW.proposed_at)
     IS DISTINCT FROM (OLD.id, OLD.first_warning_hours, OLD.last_warning_hours, OLD.grace_seconds, OLD.retention_days, OLD.reason, OLD.proposed_by, OLD.proposed_at)
     OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN
    RAISE EXCEPTION 'a policy is proposed, decided and replaced, nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER arrears_policy_change BEFORE UPDATE ON arrears_policy FOR EACH ROW EXECUTE FUNCTION arrears_policy_check_change();
CREATE TRIGGER arrears_policy_kept BEFORE DELETE ON arrears_policy FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- The operator's policy: warned a day and an hour ahead, two hours of grace, kept for fifteen days.
INSERT INTO arrears_policy (id, organisation_id, first_warning_hours, last_warning_hours, grace_seconds, retention_days, reason, state,
  proposed_by, proposed_at, decided_by, decided_at)
VALUES ('arp_operator', NULL, 24, 1, 7200, 15, 'The policy of a new market', 'approved', 'system:migration', 'epoch', 'system:seeding', 'epoch');

-- Where organisations stand ----------------------------------------------------------------------------------------------
CREATE TABLE "arrears" (
    "organisation_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "steps" INTEGER NOT NULL,
    "episode" INTEGER NOT NULL,
    "since_at" TIMESTAMPTZ(3) NOT NULL,
    "runs_out_at" TIMESTAMPTZ(3),
    "stop_at" TIMESTAMPTZ(3),
    "release_at" TIMESTAMPTZ(3),
    CONSTRAINT "arrears_pkey" PRIMARY KEY ("organisation_id")
);
ALTER TABLE arrears ADD FOREIGN KEY (organisation_id) REFERENCES organisation,
  ADD CHECK (state IN ('ok', 'warned', 'lastHour', 'grace', 'stopped', 'retained', 'released')), ADD CHECK (steps > 0 AND episode > 0),
  ADD CONSTRAINT arrears_announced_check CHECK ((state <> 'grace' OR stop_at IS NOT NULL)
    AND (state NOT IN ('stopped', 'retained', 'released') OR release_at IS NOT NULL));
CREATE INDEX arrears_not_ok ON arrears (state) WHERE state <> 'ok';

-- Every step, once: its number follows the one before, and its instant is never before it.
CREATE TABLE "arrears_step" (
    "organisation_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "episode" INTEGER NOT NULL,
    "from_state" TEXT NOT NULL,
    "to_state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "spendable_units" BIGINT NOT NULL,
    "owed_units" BIGINT NOT NULL,
    "burn_units_per_hour" BIGINT NOT NULL,
    "runs_out_at" TIMESTAMPTZ(3),
    "stop_at" TIMESTAMPTZ(3),
    "release_at" TIMESTAMPTZ(3),
    CONSTRAINT "arrears_step_pkey" PRIMARY KEY ("organisation_id", "number")
);
ALTER TABLE arrears_step ADD FOREIGN KEY (organisation_id) REFERENCES organisation, ADD CHECK (at <= recorded_at);
CREATE TRIGGER arrears_step_fixed BEFORE UPDATE OR DELETE ON arrears_step FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER arrears_step_kept BEFORE TRUNCATE ON arrears_step FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();
-- No step is skipped: up by one, on by more grace, or back to where nothing is owed. None comes before what was announced.
CREATE FUNCTION arrears_step_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_order text[] := ARRAY['ok', 'warned', 'lastHour', 'grace', 'stopped', 'retained', 'released'];
  v_last arrears_step;
BEGIN
  SELECT * INTO v_last FROM arrears_step WHERE organisation_id = NEW.organisation_id AND number < NEW.number ORDER BY number DESC LIMIT 1;
  IF NEW.number <> coalesce(v_last.number, 0) + 1 OR NEW.from_state <> coalesce(v_last.to_state, 'ok') OR NEW.at < coalesce(v_last.at, '-infinity')
     OR NOT (NEW.to_state = 'ok' AND NEW.from_state <> 'ok' OR NEW.to_state = 'grace' AND NEW.from_state = 'grace' AND NEW.stop_at > v_last.stop_at
       OR array_position(v_order, NEW.to_state) = array_position(v_order, NEW.from_state) + 1)
     OR NEW.to_state = 'stopped' AND NEW.at < v_last.stop_at OR NEW.to_state = 'released' AND NEW.at < v_last.release_at
     OR NEW.from_state IN ('grace', 'stopped', 'retained', 'released') AND NEW.to_state = 'ok' AND NEW.owed_units > 0 THEN
    RAISE EXCEPTION 'step % of % does not follow the one before', NEW.number, NEW.organisation_id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER arrears_step_follows BEFORE INSERT ON arrears_step FOR EACH ROW EXECUTE FUNCTION arrears_step_check();

-- Grace is lent only by a policy that gives some, and not to an organisation that was stopped and has not paid.
CREATE FUNCTION journal_check_grace() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF arrears_grace_seconds(NEW.organisation_id) = 0 THEN
    RAISE EXCEPTION 'no grace is given to %', NEW.organisation_id USING ERRCODE = 'KL402';
  END IF;
  RETURN NULL;
END $$;
-- The grace that an organisation's running reservations get when its money runs out, in seconds.
CREATE FUNCTION arrears_grace_seconds(p_organisation text) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM arrears a WHERE a.organisation_id = p_organisation AND a.state IN ('stopped', 'retained', 'released')) THEN 0
    ELSE coalesce((SELECT p.grace_seconds FROM arrears_policy p WHERE p.state = 'approved' AND kashi_is_wide()
      AND (p.organisation_id IS NULL OR p.organisation_id = p_organisation) ORDER BY p.organisation_id NULLS LAST LIMIT 1), 0) END
$$;
CREATE TRIGGER journal_grace AFTER INSERT ON journal FOR EACH ROW WHEN (NEW.kind = 'gracePlaced') EXECUTE FUNCTION journal_check_grace();

-- Notices ----------------------------------------------------------------------------------------------------------------
CREATE TABLE "notice" (
    "id" TEXT NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source_key" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "read_by" TEXT,
    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX notice_once ON notice (organisation_id, source_key);
CREATE INDEX notice_newest ON notice (organisation_id, number DESC);
ALTER TABLE notice ADD FOREIGN KEY (organisation_id) REFERENCES organisation, ADD CHECK ((read_at IS NULL) = (read_by IS NULL));
CREATE FUNCTION notice_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.read_at IS NOT NULL OR (NEW.id, NEW.number, NEW.organisation_id, NEW.kind, NEW.source_key, NEW.data, NEW.at)
     IS DISTINCT FROM (OLD.id, OLD.number, OLD.organisation_id, OLD.kind, OLD.source_key, OLD.data, OLD.at) THEN
    RAISE EXCEPTION 'a notice is read once and never changes: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER notice_change BEFORE UPDATE ON notice FOR EACH ROW EXECUTE FUNCTION notice_check_change();
CREATE TRIGGER notice_kept BEFORE DELETE ON notice FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- Unused money on its way back -------------------------------------------------------------------------------------------
CREATE TABLE "refund_request" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_token" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "amount_fen" BIGINT NOT NULL,
    "payee" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_by" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "bank_reference" TEXT,
    "end_reason" TEXT,
    CONSTRAINT "refund_request_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX refund_request_token ON refund_request (organisation_id, client_token);
CREATE UNIQUE INDEX refund_request_reference ON refund_request (bank_reference) WHERE bank_reference IS NOT NULL;
CREATE INDEX refund_request_newest ON refund_request (state, asked_at DESC);
ALTER TABLE refund_request ADD FOREIGN KEY (organisation_id) REFERENCES organisation, ADD CHECK (amount_fen > 0),
  ADD CHECK (route IN ('bank', 'sandbox')), ADD CHECK (state IN ('asked', 'approved', 'paid', 'failed', 'declined', 'withdrawn')),
  ADD CHECK ((approved_by IS NULL) = (approved_at IS NULL)), ADD CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
  ADD CHECK ((state IN ('asked', 'approved')) = (ended_at IS NULL)), ADD CHECK (state NOT IN ('approved', 'paid') OR approved_by IS NOT NULL),
  ADD CHECK ((state = 'paid') = (bank_reference IS NOT NULL)), ADD CHECK (state NOT IN ('failed', 'declined') OR end_reason <> ''),
  -- Above 50,000 yuan whoever pays is not who approved.
  ADD CONSTRAINT refund_request_two_people CHECK (state <> 'paid' OR amount_fen <= 5000000 OR ended_by <> approved_by);
CREATE FUNCTION refund_request_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('asked', 'approved'), ('asked', 'declined'), ('asked', 'withdrawn'), ('approved', 'paid'), ('approved', 'failed'))
     OR (NEW.id, NEW.organisation_id, NEW.client_token, NEW.route, NEW.amount_fen, NEW.payee, NEW.reason, NEW.asked_by, NEW.asked_at)
     IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.client_token, OLD.route, OLD.amount_fen, OLD.payee, OLD.reason, OLD.asked_by, OLD.asked_at) THEN
    RAISE EXCEPTION 'a refund is asked for, decided and ended, each once: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_request_change BEFORE UPDATE ON refund_request FOR EACH ROW EXECUTE FUNCTION refund_request_check_change();
CREATE TRIGGER refund_request_kept BEFORE DELETE ON refund_request FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- From whom an organisation's transfers came: bank money goes back to them and to nobody else.
CREATE FUNCTION refund_payers(p_organisation text) RETURNS TABLE (payer_name text, amount_fen bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT b.payer_name, sum(b.amount_fen)::bigint FROM bank_line b JOIN payment p ON p.id = b.payment_id
  WHERE p.organisation_id = p_organisation AND b.state = 'matched' AND (kashi_is_wide() OR p_organisation = kashi_organisation())
  GROUP BY b.payer_name ORDER BY 2 DESC, 1
$$;

-- Who may read and write -------------------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE ON arrears_policy, arrears, notice, refund_request TO kashi_app;
GRANT SELECT, INSERT ON arrears_step TO kashi_app;
GRANT USAGE ON SEQUENCE notice_number_seq TO kashi_app;
ALTER TABLE arrears_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE arrears ENABLE ROW LEVEL SECURITY;
ALTER TABLE arrears_step ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE refund_request ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON arrears_policy USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
-- What is in force is shown to everybody whom it binds; what is only proposed is the operator's business.
CREATE POLICY shown ON arrears_policy FOR SELECT USING ((SELECT kashi_in_context()) AND state = 'approved'
  AND (organisation_id IS NULL OR organisation_id = (SELECT kashi_organisation())));
CREATE POLICY wide ON arrears USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON arrears FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));
CREATE POLICY wide ON arrears_step USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON arrears_step FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));
CREATE POLICY wide ON notice USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON notice FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));
CREATE POLICY reading ON notice FOR UPDATE USING (organisation_id = (SELECT kashi_organisation()))
  WITH CHECK (organisation_id = (SELECT kashi_organisation()));
CREATE POLICY wide ON refund_request USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON refund_request FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));
CREATE POLICY asking ON refund_request FOR INSERT WITH CHECK (organisation_id = (SELECT kashi_organisation()) AND state = 'asked');
CREATE POLICY withdrawing ON refund_request FOR UPDATE USING (organisation_id = (SELECT kashi_organisation()) AND state = 'asked')
  WITH CHECK (organisation_id = (SELECT kashi_organisation()) AND state = 'withdrawn');
