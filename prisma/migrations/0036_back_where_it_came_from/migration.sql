-- Money goes back to where it came from: a credit for broken availability of what was used on account lessens what is owed.

-- What of a credit lessened what was owed. Null: given before credits did.
ALTER TABLE "sla_credit" ADD COLUMN "owed_units" BIGINT;
ALTER TABLE sla_credit ADD CONSTRAINT sla_credit_owed CHECK (owed_units BETWEEN 0 AND amount_units);
-- Only use on account is owed, so only its credits lessen that.
CREATE FUNCTION sla_credit_check_owed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.owed_units IS NULL OR NEW.owed_units > 0
    AND NOT EXISTS (SELECT FROM reservation r WHERE r.id = NEW.reservation_id AND r.pay_by = 'account') THEN
    RAISE EXCEPTION 'credit of % in % does not lessen what is owed', NEW.reservation_id, NEW.month USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sla_credit_owed BEFORE INSERT ON sla_credit FOR EACH ROW EXECUTE FUNCTION sla_credit_check_owed();

-- What a voucher paid of an hour that is charged less after all goes back to it: so much less is burnt, by a row below zero that
-- names the journal.
ALTER TABLE "voucher_burn" ADD COLUMN "journal_key" TEXT;
ALTER TABLE voucher_burn DROP CONSTRAINT voucher_burn_amount_check,
  ADD CONSTRAINT voucher_burn_amount_check CHECK (CASE WHEN journal_key IS NULL THEN amount_units > 0 ELSE amount_units < 0 END);
CREATE UNIQUE INDEX voucher_burn_returned_once ON voucher_burn (journal_key, grant_id) WHERE journal_key IS NOT NULL;
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES ('usageCorrected', 'revenueAccrued', 'promo');
CREATE FUNCTION voucher_burn_check_return() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.amount_units + (SELECT coalesce(sum(b.amount_units), 0) FROM voucher_burn b
      WHERE b.reservation_id = NEW.reservation_id AND b.grant_id = NEW.grant_id AND b.hour_at = NEW.hour_at) < 0 THEN
    RAISE EXCEPTION 'voucher % paid less for % at %', NEW.grant_id, NEW.reservation_id, NEW.hour_at USING ERRCODE = 'KS008';
  END IF;
  IF NOT EXISTS (SELECT FROM voucher_grant g WHERE g.id = NEW.grant_id AND g.withdrawn_at IS NULL AND g.valid_until > NEW.charged_at) THEN
    RAISE EXCEPTION 'voucher % is over and gets nothing back', NEW.grant_id USING ERRCODE = 'KS008';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_burn_return BEFORE INSERT ON voucher_burn FOR EACH ROW WHEN (NEW.amount_units < 0) EXECUTE FUNCTION voucher_burn_check_return();

-- Whoever decided is named with the time, each by itself: a table that was approved by nobody had a time alone.
ALTER TABLE sla_policy DROP CONSTRAINT sla_policy_check,
  ADD CONSTRAINT sla_policy_decided CHECK ((state = 'proposed') = (decided_by IS NULL) AND (state = 'proposed') = (decided_at IS NULL));
-- The same of credit lines, of what happens when money runs out, and of agreed prices.
ALTER TABLE credit_line_change ADD CONSTRAINT credit_line_change_decided CHECK ((decided_by IS NULL) = (decided_at IS NULL));
ALTER TABLE arrears_policy ADD CONSTRAINT arrears_policy_decided CHECK ((decided_by IS NULL) = (decided_at IS NULL));
ALTER TABLE price_agreement ADD CONSTRAINT price_agreement_decided CHECK ((decided_by IS NULL) = (decided_at IS NULL));
