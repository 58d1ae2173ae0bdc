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
