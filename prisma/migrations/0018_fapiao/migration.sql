-- Fapiao (发票): the tax documents that follow invoices. The database keeps five promises by itself: nobody has more
-- fapiao than invoices, a red one takes back no more than its blue one, a number is given once, states follow their
-- order, and every state that was is remembered.

CREATE TABLE "fapiao_title" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "fapiao_type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "tax_id" TEXT,
    "address_phone" TEXT NOT NULL,
    "bank_account" TEXT NOT NULL,
    "is_default" BOOLEAN NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT NOT NULL,
    "removed_at" TIMESTAMPTZ(3),
    CONSTRAINT "fapiao_title_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (organisation_id) REFERENCES organisation,
    CONSTRAINT fapiao_title_buyer_check CHECK (kind IN ('company', 'person') AND fapiao_type IN ('81', '82')
      AND (kind = 'company') = (tax_id IS NOT NULL) AND (fapiao_type = '82' OR kind = 'company')
      AND tax_id ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    CONSTRAINT fapiao_title_length_check CHECK (char_length(name) BETWEEN 1 AND 100
      AND char_length(address_phone) <= 100 AND char_length(bank_account) <= 100),
    CONSTRAINT fapiao_title_default_check CHECK (NOT (is_default AND removed_at IS NOT NULL))
);
CREATE INDEX "fapiao_title_organisation_id_idx" ON "fapiao_title"("organisation_id");
CREATE UNIQUE INDEX fapiao_title_one_default ON fapiao_title (organisation_id) WHERE is_default;
CREATE UNIQUE INDEX fapiao_title_once ON fapiao_title (organisation_id, fapiao_type, name, coalesce(tax_id, '')) WHERE removed_at IS NULL;
ALTER TABLE fapiao_title ADD UNIQUE (id, organisation_id);

CREATE TABLE "fapiao_batch" (
    "id" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "made_by" TEXT NOT NULL,
    "issuer_name" TEXT NOT NULL,
    CONSTRAINT "fapiao_batch_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "fapiao" (
    "id" TEXT NOT NULL,
    "sales_number" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "blue_id" TEXT,
    "title_id" TEXT NOT NULL,
    "fapiao_type" TEXT NOT NULL,
    "buyer_kind" TEXT NOT NULL,
    "buyer_name" TEXT NOT NULL,
    "buyer_tax_id" TEXT,
    "buyer_address_phone" TEXT NOT NULL,
    "buyer_bank_account" TEXT NOT NULL,
    "remark" TEXT NOT NULL,
    "gross_fen" BIGINT NOT NULL,
    "net_fen" BIGINT NOT NULL,
    "tax_fen" BIGINT NOT NULL,
    "available_fen" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "number" TEXT,
    "issued_on" TEXT,
    "document_url" TEXT,
    "confirmation" TEXT,
    "batch_id" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_note" TEXT NOT NULL,
    CONSTRAINT "fapiao_pkey" PRIMARY KEY ("id"),
    UNIQUE (id, organisation_id),
    FOREIGN KEY (organisation_id) REFERENCES organisation,
    FOREIGN KEY (title_id, organisation_id) REFERENCES fapiao_title (id, organisation_id),
    FOREIGN KEY (blue_id, organisation_id) REFERENCES fapiao (id, organisation_id),
    FOREIGN KEY (batch_id) REFERENCES fapiao_batch,
    CONSTRAINT fapiao_kind_check CHECK (kind IN ('blue', 'red') AND (kind = 'red') = (blue_id IS NOT NULL)),
    CONSTRAINT fapiao_buyer_check CHECK (buyer_kind IN ('company', 'person') AND fapiao_type IN ('81', '82')
      AND (buyer_kind = 'company') = (buyer_tax_id IS NOT NULL) AND (fapiao_type = '82' OR buyer_kind = 'company')),
    CONSTRAINT fapiao_available_check CHECK (gross_fen BETWEEN 1 AND available_fen),
    CONSTRAINT fapiao_sum_check CHECK (net_fen + tax_fen = gross_fen AND net_fen >= 0 AND tax_fen >= 0),
    CONSTRAINT fapiao_state_check CHECK (state IN ('requested', 'confirmed', 'issuing', 'issued', 'refused', 'withdrawn')
      AND (state <> 'confirmed' OR kind = 'red')),
    CONSTRAINT fapiao_issued_check CHECK ((state = 'issued') = (number IS NOT NULL) AND (state = 'issued') = (issued_on IS NOT NULL)
      AND number ~ '^[0-9]{20}$' AND (document_url IS NULL OR state = 'issued')),
    CONSTRAINT fapiao_confirmed_check CHECK ((kind = 'red' OR confirmation IS NULL)
      AND (kind = 'blue' OR state NOT IN ('confirmed', 'issuing', 'issued') OR confirmation IS NOT NULL)),
    CONSTRAINT fapiao_batched_check CHECK (state NOT IN ('issuing', 'issued') OR batch_id IS NOT NULL),
    CONSTRAINT fapiao_sales_number_check CHECK (char_length(sales_number) <= 40)
);
CREATE UNIQUE INDEX "fapiao_sales_number_key" ON "fapiao"("sales_number");
CREATE UNIQUE INDEX "fapiao_number_key" ON "fapiao"("number");
CREATE INDEX "fapiao_organisation_id_requested_at_idx" ON "fapiao"("organisation_id", "requested_at");
CREATE INDEX "fapiao_state_requested_at_idx" ON "fapiao"("state", "requested_at");
CREATE INDEX "fapiao_blue_id_idx" ON "fapiao"("blue_id");
CREATE INDEX "fapiao_batch_id_idx" ON "fapiao"("batch_id");
CREATE SEQUENCE fapiao_serial;

CREATE TABLE "fapiao_line" (
    "fapiao_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "invoice_line" INTEGER NOT NULL,
    "item_name" TEXT NOT NULL,
    "tax_code" TEXT NOT NULL,
    "specification" TEXT NOT NULL,
    "tax_rate_bps" INTEGER NOT NULL,
    "gross_fen" BIGINT NOT NULL,
    "net_fen" BIGINT NOT NULL,
    "tax_fen" BIGINT NOT NULL,
    CONSTRAINT "fapiao_line_pkey" PRIMARY KEY ("fapiao_id", "line"),
    FOREIGN KEY (fapiao_id, organisation_id) REFERENCES fapiao (id, organisation_id),
    FOREIGN KEY (invoice_id, organisation_id) REFERENCES invoice (id, organisation_id),
    FOREIGN KEY (invoice_id, invoice_line) REFERENCES invoice_line (invoice_id, line),
    CONSTRAINT fapiao_line_sum_check CHECK (gross_fen > 0 AND net_fen >= 0 AND tax_fen >= 0 AND net_fen + tax_fen = gross_fen),
    CONSTRAINT fapiao_line_code_check CHECK (tax_code ~ '^[0-9]{19}$')
);
CREATE INDEX "fapiao_line_invoice_id_invoice_line_idx" ON "fapiao_line"("invoice_id", "invoice_line");

CREATE TABLE "fapiao_event" (
    "id" BIGSERIAL NOT NULL,
    "fapiao_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    CONSTRAINT "fapiao_event_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (fapiao_id, organisation_id) REFERENCES fapiao (id, organisation_id)
);
CREATE INDEX "fapiao_event_fapiao_id_id_idx" ON "fapiao_event"("fapiao_id", "id");

CREATE TABLE "fapiao_file" (
    "fapiao_id" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,
    "saved_by" TEXT NOT NULL,
    CONSTRAINT "fapiao_file_pkey" PRIMARY KEY ("fapiao_id", "format", "version"),
    FOREIGN KEY (fapiao_id, organisation_id) REFERENCES fapiao (id, organisation_id),
    CONSTRAINT fapiao_file_check CHECK (format IN ('pdf', 'ofd', 'xml') AND version >= 1 AND octet_length(bytes) BETWEEN 1 AND 524288)
);

-- The account of one organisation, and the lock under which it changes. ----------------------------------------------
CREATE FUNCTION fapiao_lock(p_organisation text) RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT pg_advisory_xact_lock(hashtextextended('fapiao:' || p_organisation, 0))
$$;

-- In fen: what was invoiced, what went back to the customer after it was paid for, what open requests reserve, and what
-- is issued less what was taken back. A refund is rounded up to the fen: no fapiao stands for money that went back.
CREATE FUNCTION fapiao_account(p_organisation text, OUT invoiced_fen bigint, OUT refunded_fen bigint, OUT open_fen bigint, OUT issued_fen bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT kashi_is_wide() AND p_organisation IS DISTINCT FROM kashi_organisation() THEN
    RAISE EXCEPTION 'the fapiao of another organisation' USING ERRCODE = '42501';
  END IF;
  SELECT coalesce(sum(i.gross_fen), 0) INTO invoiced_fen FROM invoice i WHERE i.organisation_id = p_organisation;
  SELECT ceil(coalesce(sum(p.credit_units), 0) / 1000000) INTO refunded_fen
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
    WHERE j.organisation_id = p_organisation AND j.kind = 'hoursReturned' AND a.kind = 'wallet';
  SELECT coalesce(sum(f.gross_fen) FILTER (WHERE f.kind = 'blue' AND f.state IN ('requested', 'issuing')), 0),
    coalesce(sum(CASE f.kind WHEN 'blue' THEN f.gross_fen ELSE -f.gross_fen END) FILTER (WHERE f.state = 'issued'), 0)
    INTO open_fen, issued_fen FROM fapiao f WHERE f.organisation_id = p_organisation;
END $$;

-- A fapiao begins as a request, and only over what is left. ------------------------------------------------------------
CREATE FUNCTION fapiao_check_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_blue fapiao;
BEGIN
  PERFORM fapiao_lock(NEW.organisation_id);
  IF NEW.state <> 'requested' THEN
    RAISE EXCEPTION 'a fapiao begins as a request' USING ERRCODE = 'KS001';
  END IF;
  IF NEW.kind = 'blue' THEN
    SELECT invoiced_fen - refunded_fen - open_fen - issued_fen INTO NEW.available_fen FROM fapiao_account(NEW.organisation_id);
    RETURN NEW;
  END IF;
  SELECT * INTO v_blue FROM fapiao b WHERE b.id = NEW.blue_id AND b.organisation_id = NEW.organisation_id FOR UPDATE;
  IF v_blue.kind IS DISTINCT FROM 'blue' OR v_blue.state <> 'issued' THEN
    RAISE EXCEPTION 'a red fapiao takes back an issued blue one' USING ERRCODE = 'KS001';
  END IF;
  SELECT v_blue.gross_fen - coalesce(sum(r.gross_fen), 0) INTO NEW.available_fen FROM fapiao r
    WHERE r.blue_id = NEW.blue_id AND r.state NOT IN ('refused', 'withdrawn');
  RETURN NEW;
END $$;
CREATE TRIGGER fapiao_new BEFORE INSERT ON fapiao FOR EACH ROW EXECUTE FUNCTION fapiao_check_new();

-- A line takes no more of an invoice's line, or of a blue line, than is left of it: neither gross, net nor tax. ---------
CREATE FUNCTION fapiao_line_check_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_of fapiao;
  v_left record;
BEGIN
  PERFORM fapiao_lock(NEW.organisation_id);
  SELECT * INTO v_of FROM fapiao f WHERE f.id = NEW.fapiao_id;
  IF v_of.kind = 'blue' THEN
    SELECT i.gross_fen - coalesce(sum(s.sign * l.gross_fen), 0) AS gross, i.net_fen - coalesce(sum(s.sign * l.net_fen), 0) AS net,
      i.tax_fen - coalesce(sum(s.sign * l.tax_fen), 0) AS tax INTO v_left
    FROM invoice_line i
    LEFT JOIN fapiao_line l ON l.invoice_id = i.invoice_id AND l.invoice_line = i.line
    LEFT JOIN LATERAL (SELECT CASE WHEN f.kind = 'red' THEN CASE f.state WHEN 'issued' THEN -1 ELSE 0 END
        WHEN f.state IN ('refused', 'withdrawn') THEN 0 ELSE 1 END AS sign FROM fapiao f WHERE f.id = l.fapiao_id) s ON true
    WHERE i.invoice_id = NEW.invoice_id AND i.line = NEW.invoice_line AND i.tax_rate_bps = NEW.tax_rate_bps
    GROUP BY i.gross_fen, i.net_fen, i.tax_fen;
  ELSE
    SELECT b.gross_fen - coalesce(sum(l.gross_fen), 0) AS gross, b.net_fen - coalesce(sum(l.net_fen), 0) AS net,
      b.tax_fen - coalesce(sum(l.tax_fen), 0) AS tax INTO v_left
    FROM fapiao_line b
    LEFT JOIN (fapiao_line l JOIN fapiao f ON f.id = l.fapiao_id AND f.state NOT IN ('refused', 'withdrawn'))
      ON f.blue_id = b.fapiao_id AND l.line = b.line
    WHERE b.fapiao_id = v_of.blue_id AND b.line = NEW.line AND b.invoice_id = NEW.invoice_id AND b.invoice_line = NEW.invoice_line
      AND b.tax_rate_bps = NEW.tax_rate_bps
    GROUP BY b.gross_fen, b.net_fen, b.tax_fen;
  END IF;
  IF v_left IS NULL OR NEW.gross_fen > v_left.gross OR NEW.net_fen > v_left.net OR NEW.tax_fen > v_left.tax THEN
    RAISE EXCEPTION 'line % of fapiao % takes more than is left', NEW.line, NEW.fapiao_id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fapiao_line_new BEFORE INSERT ON fapiao_line FOR EACH ROW EXECUTE FUNCTION fapiao_line_check_new();

-- At the end of the transaction a fapiao is the sum of its lines; so none is added later. -------------------------------
CREATE FUNCTION fapiao_check_sum() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_id text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  IF EXISTS (SELECT FROM fapiao f LEFT JOIN LATERAL (SELECT sum(gross_fen) AS gross, sum(net_fen) AS net, sum(tax_fen) AS tax
      FROM fapiao_line l WHERE l.fapiao_id = f.id) l ON true
    WHERE f.id = v_id AND (l.gross IS DISTINCT FROM f.gross_fen OR l.net IS DISTINCT FROM f.net_fen OR l.tax IS DISTINCT FROM f.tax_fen)) THEN
    RAISE EXCEPTION 'fapiao % is not the sum of its lines', v_id USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fapiao_sum AFTER INSERT ON fapiao DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fapiao_check_sum('id');
CREATE CONSTRAINT TRIGGER fapiao_line_sum AFTER INSERT ON fapiao_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fapiao_check_sum('fapiao_id');

-- Only the state moves on, and what comes with it; a customer only withdraws. --------------------------------------------
CREATE FUNCTION fapiao_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - ARRAY['state', 'number', 'issued_on', 'document_url', 'confirmation', 'batch_id', 'changed_at', 'changed_by', 'changed_note'])
     IS DISTINCT FROM
     (to_jsonb(OLD) - ARRAY['state', 'number', 'issued_on', 'document_url', 'confirmation', 'batch_id', 'changed_at', 'changed_by', 'changed_note']) THEN
    RAISE EXCEPTION 'fapiao % does not change', OLD.id USING ERRCODE = 'KS001';
  END IF;
  IF NOT (OLD.kind || ' ' || OLD.state || ' ' || NEW.state = ANY (ARRAY[
      'blue requested issuing', 'blue requested refused', 'blue requested withdrawn', 'blue issuing issued', 'blue issuing refused',
      'red requested confirmed', 'red requested refused', 'red requested withdrawn', 'red confirmed issuing', 'red confirmed refused',
      'red issuing issued', 'red issuing refused'])) THEN
    RAISE EXCEPTION 'a % fapiao does not go from % to %', OLD.kind, OLD.state, NEW.state USING ERRCODE = 'KS001';
  END IF;
  IF NEW.state <> 'withdrawn' AND NOT kashi_is_wide() THEN
    RAISE EXCEPTION 'only finance moves a fapiao on' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fapiao_change BEFORE UPDATE ON fapiao FOR EACH ROW EXECUTE FUNCTION fapiao_check_change();

CREATE FUNCTION fapiao_remember() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO fapiao_event (fapiao_id, organisation_id, at, actor, state, note)
  VALUES (NEW.id, NEW.organisation_id, NEW.changed_at, NEW.changed_by, NEW.state, NEW.changed_note);
  RETURN NULL;
END $$;
CREATE TRIGGER fapiao_history AFTER INSERT OR UPDATE ON fapiao FOR EACH ROW EXECUTE FUNCTION fapiao_remember();

-- What is kept, who may write, and who sees it. ---------------------------------------------------------------------------
DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['fapiao_line', 'fapiao_event', 'fapiao_file', 'fapiao_batch'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_fixed', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['fapiao_title', 'fapiao', 'fapiao_line', 'fapiao_event', 'fapiao_file', 'fapiao_batch'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['fapiao_title', 'fapiao', 'fapiao_line'] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I USING (organisation_id = (SELECT kashi_organisation()))
      WITH CHECK (organisation_id = (SELECT kashi_organisation()))', v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['fapiao_event', 'fapiao_file'] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I FOR SELECT USING (organisation_id = (SELECT kashi_organisation()))', v_table);
  END LOOP;
END $$;
CREATE TRIGGER fapiao_kept BEFORE DELETE ON fapiao FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
GRANT SELECT, INSERT, UPDATE ON fapiao_title, fapiao TO kashi_app;
GRANT SELECT, INSERT ON fapiao_line, fapiao_file, fapiao_batch TO kashi_app;
GRANT SELECT ON fapiao_event TO kashi_app;
GRANT USAGE ON SEQUENCE fapiao_serial TO kashi_app;
