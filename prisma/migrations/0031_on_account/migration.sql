-- Booking on account: what a reservation by the hour needs is set aside against a credit line instead of out of the wallet, and
-- becomes owed hour by hour as it is used (decisions/038).

-- The books ------------------------------------------------------------------------------------------------------------
-- What is promised against a line is no receivable: nothing was delivered yet. It stands beside the holds, as what is not paid of
-- them, so that the two leave the liabilities together.
INSERT INTO account_kind (kind, class, asset, is_locked) VALUES ('lineSetAside', 'liability', 'CNY/8', true);
DELETE FROM journal_rule WHERE journal_kind = 'postpaidAccrued';
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES
  ('holdPlaced', 'lineSetAside', 'hold'),
  ('holdReleased', 'hold', 'lineSetAside'),
  ('postpaidAccrued', 'receivable', 'lineSetAside'),
  ('usageCorrected', 'receivable', 'revenueAccrued'),
  ('usageCorrected', 'revenueAccrued', 'receivable'),
  ('residueReturned', 'rounding', 'receivable');
ALTER TABLE account ADD CONSTRAINT account_line_ceiling CHECK (kind <> 'lineSetAside' OR balance_units <= 0);

-- One line bounds two accounts: what is set aside and what is owed have the same lowest balance, and together none below it.
CREATE OR REPLACE FUNCTION account_check_minimum() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.minimum_units IS DISTINCT FROM -(SELECT c.limit_units FROM credit_line_change c
      WHERE c.organisation_id = NEW.organisation_id AND c.state = 'approved'
        AND c.account_kind = CASE NEW.kind WHEN 'lineSetAside' THEN 'receivable' ELSE NEW.kind END) THEN
    RAISE EXCEPTION 'the lowest balance of % follows its credit line', NEW.path USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION account_check_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.minimum_units > (SELECT sum(balance_units) FROM account
      WHERE path IN ('line:' || NEW.organisation_id || ':set-aside', 'ar:' || NEW.organisation_id || ':open')) THEN
    RAISE EXCEPTION 'insufficient funds in the line of %', NEW.organisation_id USING ERRCODE = 'KL402';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER account_line AFTER UPDATE ON account FOR EACH ROW
  WHEN (NEW.kind IN ('lineSetAside', 'receivable') AND NEW.balance_units < OLD.balance_units) EXECUTE FUNCTION account_check_line();

-- As in 0016; a line on account opens both of its accounts, and is in use by what both come to.
CREATE OR REPLACE FUNCTION ledger_decide_line(p_id text, p_path text, p_is_approved boolean, p_by text, p_at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_change credit_line_change;
  v_paths text[] := ARRAY[p_path];
  v_used bigint;
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
  IF v_change.account_kind = 'receivable' THEN
    v_paths := v_paths || ('line:' || v_change.organisation_id || ':set-aside');
    PERFORM ledger_open(v_paths[2], 'lineSetAside', 'CNY/8', v_change.organisation_id);
  END IF;
  PERFORM FROM account WHERE path = ANY (v_paths) ORDER BY id FOR UPDATE;
  IF EXISTS (SELECT FROM account WHERE path = p_path AND (organisation_id <> v_change.organisation_id OR kind <> v_change.account_kind)) THEN
    RETURN 'unknown';
  END IF;
  SELECT sum(balance_units) INTO v_used FROM account WHERE path = ANY (v_paths);
  IF v_used < -v_change.limit_units THEN RETURN 'inUse'; END IF;
  UPDATE credit_line_change SET state = 'replaced'
    WHERE organisation_id = v_change.organisation_id AND account_kind = v_change.account_kind AND state = 'approved';
  UPDATE credit_line_change SET state = 'approved', decided_by = p_by, decided_at = p_at WHERE id = p_id;
  UPDATE account SET minimum_units = -v_change.limit_units WHERE path = ANY (v_paths) AND minimum_units <> -v_change.limit_units;
  RETURN 'approved';
END $$;

-- Lines that were in force before.
INSERT INTO account (path, kind, asset, organisation_id, balance_units, minimum_units)
  SELECT 'line:' || organisation_id || ':set-aside', 'lineSetAside', 'CNY/8', organisation_id, 0, -limit_units
  FROM credit_line_change WHERE account_kind = 'receivable' AND state = 'approved' ON CONFLICT (path) DO NOTHING;

-- What was used on account by Shanghai month, as the journals of its hours say: what an invoice asks for, however long ago.
CREATE TABLE "on_account_month" (
    "organisation_id" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "used_units" BIGINT NOT NULL,
    CONSTRAINT "on_account_month_pkey" PRIMARY KEY ("organisation_id", "month")
);
ALTER TABLE on_account_month ADD FOREIGN KEY (organisation_id) REFERENCES organisation, ADD CHECK (used_units > 0),
  ADD CHECK (month ~ '^\d{4}-\d{2}$');
CREATE TRIGGER on_account_month_kept BEFORE DELETE ON on_account_month FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE FUNCTION on_account_month_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.organisation_id, NEW.month) IS DISTINCT FROM (OLD.organisation_id, OLD.month) OR NEW.used_units < OLD.used_units THEN
    RAISE EXCEPTION 'what was used on account only grows: % %', OLD.organisation_id, OLD.month USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER on_account_month_change BEFORE UPDATE ON on_account_month FOR EACH ROW EXECUTE FUNCTION on_account_month_check_change();

-- The days within which an organisation pays its invoices, as they were set; not why, and by whom.
CREATE FUNCTION due_days(p_organisation text) RETURNS TABLE (id bigint, organisation_id text, days int, set_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id, t.organisation_id, t.days, t.set_at FROM due_terms t
  WHERE (p_organisation IS NULL OR t.organisation_id = p_organisation) AND (kashi_is_wide() OR t.organisation_id = kashi_organisation())
$$;

-- Reservations ---------------------------------------------------------------------------------------------------------
-- Where what it needs is set aside. The whole of it is, so that it has an end, and no other booking can use its part up.
ALTER TABLE "reservation" ADD COLUMN "pay_by" TEXT NOT NULL DEFAULT 'wallet';
ALTER TABLE reservation ADD CONSTRAINT reservation_pay_by_check
  CHECK (pay_by = 'wallet' OR pay_by = 'account' AND purchase = 'by-hour' AND end_at IS NOT NULL AND held_until IS NULL);
CREATE INDEX reservation_on_account ON reservation (pool_id) WHERE pay_by = 'account' AND settled_at IS NULL;
CREATE FUNCTION reservation_check_pay_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'where reservation % is set aside does not change', OLD.id USING ERRCODE = 'KS001';
END $$;
CREATE TRIGGER reservation_pay_by BEFORE UPDATE ON reservation FOR EACH ROW
  WHEN (NEW.pay_by <> OLD.pay_by) EXECUTE FUNCTION reservation_check_pay_by();

-- Who may read and write -------------------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE ON on_account_month TO kashi_app;
ALTER TABLE on_account_month ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON on_account_month USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON on_account_month FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));
