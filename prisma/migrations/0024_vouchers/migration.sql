-- Vouchers (算力券): programmes, the codes and grants they give, who paid what was set aside, and what use burnt. The
-- money itself is in the ledger, one promotional account a grant.

CREATE TABLE "voucher_programme" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "issuer_kind" TEXT NOT NULL,
    "issuer_name" TEXT NOT NULL,
    "terms" TEXT NOT NULL,
    "site_ids" TEXT[],
    "model_ids" TEXT[],
    "purchases" TEXT[],
    "face_units" BIGINT NOT NULL,
    "budget_units" BIGINT NOT NULL,
    "priority" INTEGER NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,
    CONSTRAINT "voucher_programme_pkey" PRIMARY KEY ("id"),
    CONSTRAINT voucher_programme_text_check CHECK (char_length(name) BETWEEN 1 AND 80 AND char_length(issuer_name) BETWEEN 1 AND 80
      AND char_length(terms) BETWEEN 1 AND 2000),
    CONSTRAINT voucher_programme_issuer_check CHECK (issuer_kind IN ('operator', 'public-body')),
    CONSTRAINT voucher_programme_scope_check CHECK (site_ids IS NOT NULL AND model_ids IS NOT NULL AND purchases IS NOT NULL
      AND purchases <@ ARRAY['by-hour', 'by-card']),
    -- Vouchers are whole fen, because people read and export them as such.
    CONSTRAINT voucher_programme_money_check CHECK (face_units > 0 AND face_units % 1000000 = 0 AND budget_units % 1000000 = 0
      AND budget_units BETWEEN face_units AND 1000000000000000000),
    CONSTRAINT voucher_programme_priority_check CHECK (priority BETWEEN 1 AND 100),
    CONSTRAINT voucher_programme_time_check CHECK (valid_until > valid_from AND (closed_at IS NULL) = (closed_by IS NULL))
);

CREATE TABLE "voucher_grant" (
    "id" TEXT NOT NULL,
    "programme_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "amount_units" BIGINT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "granted_by" TEXT NOT NULL,
    "code_id" TEXT,
    -- What the programme says, as its holder may read it: a programme never changes.
    "programme_name" TEXT NOT NULL,
    "issuer_kind" TEXT NOT NULL,
    "issuer_name" TEXT NOT NULL,
    "terms" TEXT NOT NULL,
    "site_ids" TEXT[],
    "model_ids" TEXT[],
    "purchases" TEXT[],
    "priority" INTEGER NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),
    "withdrawn_by" TEXT,
    CONSTRAINT "voucher_grant_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (programme_id) REFERENCES voucher_programme,
    FOREIGN KEY (organisation_id) REFERENCES organisation,
    UNIQUE (id, organisation_id),
    CONSTRAINT voucher_grant_scope_check CHECK (site_ids IS NOT NULL AND model_ids IS NOT NULL AND purchases IS NOT NULL),
    CONSTRAINT voucher_grant_money_check CHECK (amount_units > 0 AND amount_units % 1000000 = 0),
    CONSTRAINT voucher_grant_withdrawn_check CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
CREATE INDEX "voucher_grant_organisation_id_idx" ON "voucher_grant"("organisation_id");
CREATE INDEX "voucher_grant_programme_id_idx" ON "voucher_grant"("programme_id");

-- Codes are money for whoever has one, so only their hashes are kept.
CREATE TABLE "voucher_code" (
    "id" TEXT NOT NULL,
    "programme_id" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "grant_id" TEXT,
    CONSTRAINT "voucher_code_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (programme_id) REFERENCES voucher_programme
);
CREATE UNIQUE INDEX "voucher_code_code_hash_key" ON "voucher_code"("code_hash");
CREATE UNIQUE INDEX "voucher_code_grant_id_key" ON "voucher_code"("grant_id");
CREATE INDEX "voucher_code_programme_id_idx" ON "voucher_code"("programme_id");
ALTER TABLE voucher_code ADD CONSTRAINT voucher_code_grant_fkey FOREIGN KEY (grant_id) REFERENCES voucher_grant DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE voucher_grant ADD CONSTRAINT voucher_grant_code_fkey FOREIGN KEY (code_id) REFERENCES voucher_code DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX "voucher_grant_code_id_key" ON "voucher_grant"("code_id");

-- Who paid what was set aside for a reservation that a voucher paid for, in the order of paying. A null grant is cash.
CREATE TABLE "voucher_tranche" (
    "reservation_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "grant_id" TEXT,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "placed_units" BIGINT NOT NULL,
    "charged_units" BIGINT NOT NULL,
    "returned_units" BIGINT NOT NULL,
    "credited_units" BIGINT NOT NULL,
    CONSTRAINT "voucher_tranche_pkey" PRIMARY KEY ("reservation_id", "position"),
    FOREIGN KEY (reservation_id, organisation_id) REFERENCES reservation (id, organisation_id),
    FOREIGN KEY (grant_id, organisation_id) REFERENCES voucher_grant (id, organisation_id),
    CONSTRAINT voucher_tranche_sums_check CHECK (placed_units > 0 AND charged_units >= 0 AND returned_units >= 0 AND credited_units >= 0
      AND charged_units + returned_units + credited_units <= placed_units)
);
CREATE INDEX "voucher_tranche_grant_id_idx" ON "voucher_tranche"("grant_id");
CREATE INDEX voucher_tranche_open ON voucher_tranche (reservation_id) WHERE charged_units + returned_units < placed_units;

-- What use burnt of a voucher, an hour of a reservation at a time: the deductions of invoices and files.
CREATE TABLE "voucher_burn" (
    "id" BIGSERIAL NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "grant_id" TEXT NOT NULL,
    "hour_at" TIMESTAMPTZ(3) NOT NULL,
    "amount_units" BIGINT NOT NULL,
    "charged_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "voucher_burn_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (reservation_id, organisation_id) REFERENCES reservation (id, organisation_id),
    FOREIGN KEY (grant_id, organisation_id) REFERENCES voucher_grant (id, organisation_id),
    CONSTRAINT voucher_burn_amount_check CHECK (amount_units > 0)
);
CREATE INDEX "voucher_burn_organisation_id_hour_at_idx" ON "voucher_burn"("organisation_id", "hour_at");
CREATE INDEX "voucher_burn_hour_at_idx" ON "voucher_burn"("hour_at");
CREATE INDEX "voucher_burn_reservation_id_idx" ON "voucher_burn"("reservation_id");
CREATE INDEX "voucher_burn_grant_id_idx" ON "voucher_burn"("grant_id");

-- What vouchers paid of an invoice: it asks for the rest.
ALTER TABLE "invoice" ADD COLUMN "voucher_units" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "invoice_line" ADD COLUMN "voucher_units" BIGINT NOT NULL DEFAULT 0;
DO $$
DECLARE
  v_name text;
BEGIN
  SELECT conname INTO v_name FROM pg_constraint
    WHERE conrelid = 'invoice'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%gross_units%';
  EXECUTE format('ALTER TABLE invoice DROP CONSTRAINT %I', v_name);
END $$;
ALTER TABLE invoice ADD CONSTRAINT invoice_units_check CHECK (gross_units - voucher_units = gross_fen * 1000000 + residue_units),
  ADD CONSTRAINT invoice_vouchers_check CHECK (voucher_units BETWEEN 0 AND gross_units);
ALTER TABLE invoice_line ADD CONSTRAINT invoice_line_vouchers_check CHECK (voucher_units BETWEEN 0 AND gross_units);

-- The ledger ----------------------------------------------------------------------------------------------------------
INSERT INTO journal_kind (kind, is_reversible) VALUES ('promoDeducted', false);
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES
  ('promoDeducted', 'revenueAccrued', 'contraPromo'),
  ('hoursReturned', 'contraReturned', 'promo'),
  ('reversal', 'promo', 'contraReturned');

-- The vouchers that hold money, for the job that takes back what is over.
CREATE INDEX account_promo_left ON account (id) WHERE kind = 'promo' AND balance_units > 0;

-- What never changes --------------------------------------------------------------------------------------------------
CREATE FUNCTION voucher_programme_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL OR to_jsonb(NEW) - 'closed_at' - 'closed_by' <> to_jsonb(OLD) - 'closed_at' - 'closed_by' THEN
    RAISE EXCEPTION 'a voucher programme is closed once and changes in nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION voucher_grant_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL OR to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by' <> to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by' THEN
    RAISE EXCEPTION 'a voucher is withdrawn once and changes in nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION voucher_code_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.grant_id IS NOT NULL OR to_jsonb(NEW) - 'grant_id' <> to_jsonb(OLD) - 'grant_id' THEN
    RAISE EXCEPTION 'a voucher code is redeemed once and changes in nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION voucher_tranche_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.reservation_id, NEW.position, NEW.organisation_id, NEW.grant_id, NEW.placed_at, NEW.placed_units)
     IS DISTINCT FROM (OLD.reservation_id, OLD.position, OLD.organisation_id, OLD.grant_id, OLD.placed_at, OLD.placed_units)
     OR NEW.charged_units < OLD.charged_units OR NEW.returned_units < OLD.returned_units THEN
    RAISE EXCEPTION 'what is charged or returned of % only grows', OLD.reservation_id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_programme_fixed BEFORE UPDATE ON voucher_programme FOR EACH ROW EXECUTE FUNCTION voucher_programme_check_change();
CREATE TRIGGER voucher_grant_fixed BEFORE UPDATE ON voucher_grant FOR EACH ROW EXECUTE FUNCTION voucher_grant_check_change();
CREATE TRIGGER voucher_code_fixed BEFORE UPDATE ON voucher_code FOR EACH ROW EXECUTE FUNCTION voucher_code_check_change();
CREATE TRIGGER voucher_tranche_fixed BEFORE UPDATE ON voucher_tranche FOR EACH ROW EXECUTE FUNCTION voucher_tranche_check_change();
CREATE TRIGGER voucher_burn_fixed BEFORE UPDATE ON voucher_burn FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['voucher_programme', 'voucher_grant', 'voucher_code', 'voucher_tranche', 'voucher_burn'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change()', v_table || '_whole', v_table);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['voucher_grant', 'voucher_tranche', 'voucher_burn'] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I FOR SELECT USING (organisation_id = (SELECT kashi_organisation()))', v_table);
  END LOOP;
END $$;

-- A voucher pays within its time and its scope only, whatever the code above says.
CREATE FUNCTION voucher_tranche_check_scope() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.grant_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM voucher_grant g, reservation r JOIN sku s ON s.id = r.sku_id
    WHERE g.id = NEW.grant_id AND r.id = NEW.reservation_id
      AND NEW.placed_at >= g.valid_from AND NEW.placed_at < least(g.valid_until, coalesce(g.withdrawn_at, 'infinity'))
      AND (g.site_ids = '{}' OR s.site_id = ANY (g.site_ids)) AND (g.model_ids = '{}' OR s.card_model_id = ANY (g.model_ids))
      AND (g.purchases = '{}' OR s.purchase = ANY (g.purchases))) THEN
    RAISE EXCEPTION 'voucher % does not pay for %', NEW.grant_id, NEW.reservation_id USING ERRCODE = 'KS008';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_tranche_scope BEFORE INSERT ON voucher_tranche FOR EACH ROW EXECUTE FUNCTION voucher_tranche_check_scope();

-- Granting ------------------------------------------------------------------------------------------------------------

-- For the two functions below: makes a grant when its programme permits one. Answers 'granted', 'unknown', 'closed', 'over' when its time is past, or
-- 'budget' when that is used up; only the first changes anything. The programme stays locked, so budgets hold.
CREATE FUNCTION voucher_make_grant(p_id text, p_programme text, p_organisation text, p_amount bigint, p_code text, p_by text, p_at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_programme voucher_programme;
BEGIN
  SELECT * INTO v_programme FROM voucher_programme WHERE id = p_programme FOR UPDATE;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  IF v_programme.closed_at IS NOT NULL THEN RETURN 'closed'; END IF;
  IF v_programme.valid_until <= p_at THEN RETURN 'over'; END IF;
  IF p_amount + (SELECT coalesce(sum(amount_units), 0) FROM voucher_grant WHERE programme_id = p_programme) > v_programme.budget_units THEN
    RETURN 'budget';
  END IF;
  INSERT INTO voucher_grant (id, programme_id, organisation_id, amount_units, granted_at, granted_by, code_id, programme_name, issuer_kind,
    issuer_name, terms, site_ids, model_ids, purchases, priority, valid_from, valid_until)
  VALUES (p_id, p_programme, p_organisation, p_amount, p_at, p_by, p_code, v_programme.name, v_programme.issuer_kind,
    v_programme.issuer_name, v_programme.terms, v_programme.site_ids, v_programme.model_ids, v_programme.purchases, v_programme.priority,
    v_programme.valid_from, v_programme.valid_until);
  RETURN 'granted';
END $$;
REVOKE ALL ON FUNCTION voucher_make_grant(text, text, text, bigint, text, text, timestamptz) FROM PUBLIC;

-- A grant without a code, for staff.
CREATE FUNCTION voucher_give(p_id text, p_programme text, p_organisation text, p_amount bigint, p_by text, p_at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  RETURN voucher_make_grant(p_id, p_programme, p_organisation, p_amount, NULL, p_by, p_at);
END $$;

-- Redeems a code for the organisation of the context, at most once. Answers as voucher_make_grant does, besides 'used'
-- when somebody else has it, and 'own' with the grant that it made when the same organisation asks again.
CREATE FUNCTION voucher_redeem(p_hash text, p_grant text, p_by text, p_at timestamptz)
RETURNS TABLE (outcome text, grant_id text, amount_units bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_code voucher_code;
  v_grant voucher_grant;
  v_face bigint;
  v_outcome text;
BEGIN
  IF kashi_organisation() IS NULL THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  SELECT * INTO v_code FROM voucher_code WHERE code_hash = p_hash FOR UPDATE;
  IF NOT FOUND THEN RETURN QUERY SELECT 'unknownCode', NULL::text, 0::bigint; RETURN; END IF;
  IF v_code.grant_id IS NOT NULL THEN
    SELECT * INTO v_grant FROM voucher_grant WHERE id = v_code.grant_id;
    IF v_grant.organisation_id = kashi_organisation() THEN
      RETURN QUERY SELECT 'own', v_grant.id, v_grant.amount_units;
    ELSE
      RETURN QUERY SELECT 'used', NULL::text, 0::bigint;
    END IF;
    RETURN;
  END IF;
  SELECT face_units INTO v_face FROM voucher_programme WHERE id = v_code.programme_id;
  v_outcome := voucher_make_grant(p_grant, v_code.programme_id, kashi_organisation(), v_face, v_code.id, p_by, p_at);
  IF v_outcome = 'granted' THEN UPDATE voucher_code SET grant_id = p_grant WHERE id = v_code.id; END IF;
  RETURN QUERY SELECT v_outcome, p_grant, v_face;
END $$;

GRANT SELECT, INSERT, UPDATE ON voucher_programme, voucher_code, voucher_tranche TO kashi_app;
GRANT SELECT, UPDATE ON voucher_grant TO kashi_app;
GRANT SELECT, INSERT ON voucher_burn TO kashi_app;
GRANT USAGE ON SEQUENCE voucher_burn_id_seq TO kashi_app;
