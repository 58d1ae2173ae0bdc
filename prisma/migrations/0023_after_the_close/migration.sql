-- What finance does after a month is closed: credit notes, reversals by two people, reopened months, due dates. Issued
-- documents stay as they are; the database keeps every second person and every sum by itself.

-- Credit notes ---------------------------------------------------------------------------------------------------------

CREATE TABLE "credit_note" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "reason_text" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "gross_fen" BIGINT NOT NULL,
    "net_fen" BIGINT NOT NULL,
    "tax_fen" BIGINT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "number" TEXT,
    "effective_at" TIMESTAMPTZ(3),
    "credited_to" TEXT,
    "snapshot" JSONB,
    "snapshot_hash" TEXT,
    "previous_hash" TEXT,
    CONSTRAINT "credit_note_pkey" PRIMARY KEY ("id"),
    UNIQUE (id, invoice_id, organisation_id),
    FOREIGN KEY (invoice_id, organisation_id) REFERENCES invoice (id, organisation_id),
    CONSTRAINT credit_note_reason_check CHECK (reason IN ('duplicatedCharge', 'productUnsatisfactory', 'orderChange', 'orderCancellation', 'other')
      AND char_length(reason_text) <= 200 AND (reason <> 'other' OR char_length(reason_text) >= 3)),
    CONSTRAINT credit_note_state_check CHECK (state IN ('proposed', 'issued', 'declined')),
    CONSTRAINT credit_note_sum_check CHECK (gross_fen > 0 AND net_fen >= 0 AND tax_fen >= 0 AND net_fen + tax_fen = gross_fen),
    CONSTRAINT credit_note_decided_check CHECK ((state = 'proposed') = (decided_by IS NULL) AND (state = 'proposed') = (decided_at IS NULL)),
    CONSTRAINT credit_note_two_people CHECK (state <> 'issued' OR decided_by <> proposed_by),
    CONSTRAINT credit_note_issued_check CHECK (CASE state WHEN 'issued'
      THEN num_nulls(number, effective_at, credited_to, snapshot, snapshot_hash, previous_hash) = 0
      ELSE num_nonnulls(number, effective_at, credited_to, snapshot, snapshot_hash, previous_hash) = 0 END),
    CONSTRAINT credit_note_credited_check CHECK (credited_to IN ('wallet', 'receivable')),
    CONSTRAINT credit_note_number_check CHECK (number ~ '^[A-Z]+-CN-[0-9]{4}-[0-9]{6}$')
);
CREATE UNIQUE INDEX "credit_note_number_key" ON "credit_note"("number");
CREATE INDEX "credit_note_organisation_id_idx" ON "credit_note"("organisation_id");
CREATE INDEX "credit_note_effective_at_idx" ON "credit_note"("effective_at");
-- One proposal an invoice at a time: the split into net and tax follows from what is credited before it.
CREATE UNIQUE INDEX credit_note_one_waits ON credit_note (invoice_id) WHERE state = 'proposed';

CREATE TABLE "credit_note_line" (
    "credit_note_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "gross_fen" BIGINT NOT NULL,
    "net_fen" BIGINT NOT NULL,
    "tax_fen" BIGINT NOT NULL,
    CONSTRAINT "credit_note_line_pkey" PRIMARY KEY ("credit_note_id", "line"),
    FOREIGN KEY (credit_note_id, invoice_id, organisation_id) REFERENCES credit_note (id, invoice_id, organisation_id),
    FOREIGN KEY (invoice_id, line) REFERENCES invoice_line (invoice_id, line),
    CONSTRAINT credit_note_line_sum_check CHECK (gross_fen > 0 AND net_fen >= 0 AND tax_fen >= 0 AND net_fen + tax_fen = gross_fen)
);
CREATE INDEX "credit_note_line_invoice_id_line_idx" ON "credit_note_line"("invoice_id", "line");

CREATE TABLE "credit_note_counter" (
    "entity" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "last_number" INTEGER NOT NULL,
    CONSTRAINT "credit_note_counter_pkey" PRIMARY KEY ("entity", "year")
);

-- A line takes no more of an invoice's line than other notes have left of it, in gross, net and tax.
CREATE FUNCTION credit_note_line_check_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_left record;
BEGIN
  PERFORM fapiao_lock(NEW.organisation_id);
  SELECT i.gross_fen - coalesce(sum(l.gross_fen), 0) AS gross, i.net_fen - coalesce(sum(l.net_fen), 0) AS net,
    i.tax_fen - coalesce(sum(l.tax_fen), 0) AS tax INTO v_left
  FROM invoice_line i
  LEFT JOIN (credit_note_line l JOIN credit_note c ON c.id = l.credit_note_id AND c.state <> 'declined')
    ON l.invoice_id = i.invoice_id AND l.line = i.line
  WHERE i.invoice_id = NEW.invoice_id AND i.line = NEW.line GROUP BY i.gross_fen, i.net_fen, i.tax_fen;
  IF v_left IS NULL OR NEW.gross_fen > v_left.gross OR NEW.net_fen > v_left.net OR NEW.tax_fen > v_left.tax THEN
    RAISE EXCEPTION 'line % of credit note % takes more than is left', NEW.line, NEW.credit_note_id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_note_line_new BEFORE INSERT ON credit_note_line FOR EACH ROW EXECUTE FUNCTION credit_note_line_check_new();

-- At the end of the transaction a note is the sum of its lines; so none is added later.
CREATE FUNCTION credit_note_check_sum() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_id text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
  IF EXISTS (SELECT FROM credit_note c LEFT JOIN LATERAL (SELECT sum(gross_fen) AS gross, sum(net_fen) AS net, sum(tax_fen) AS tax
      FROM credit_note_line l WHERE l.credit_note_id = c.id) l ON true
    WHERE c.id = v_id AND (l.gross IS DISTINCT FROM c.gross_fen OR l.net IS DISTINCT FROM c.net_fen OR l.tax IS DISTINCT FROM c.tax_fen)) THEN
    RAISE EXCEPTION 'credit note % is not the sum of its lines', v_id USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER credit_note_sum AFTER INSERT ON credit_note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_note_check_sum('id');
CREATE CONSTRAINT TRIGGER credit_note_line_sum AFTER INSERT ON credit_note_line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION credit_note_check_sum('credit_note_id');

-- What was proposed does not change; it is decided once, and what is issued is final.
CREATE FUNCTION credit_note_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_free text[] := ARRAY['state', 'decided_by', 'decided_at', 'number', 'effective_at', 'credited_to', 'snapshot', 'snapshot_hash', 'previous_hash'];
BEGIN
  IF OLD.state <> 'proposed' OR NEW.state = 'proposed' OR (to_jsonb(NEW) - v_free) IS DISTINCT FROM (to_jsonb(OLD) - v_free) THEN
    RAISE EXCEPTION 'credit note % is proposed and decided, nothing else', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_note_change BEFORE UPDATE ON credit_note FOR EACH ROW EXECUTE FUNCTION credit_note_check_change();
CREATE FUNCTION credit_note_check_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'proposed' THEN
    RAISE EXCEPTION 'a credit note begins as a proposal' USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_note_new BEFORE INSERT ON credit_note FOR EACH ROW EXECUTE FUNCTION credit_note_check_new();

-- What a credit note takes back cannot stand on a fapiao any more. ---------------------------------------------------------

CREATE OR REPLACE FUNCTION fapiao_account(p_organisation text, OUT invoiced_fen bigint, OUT refunded_fen bigint, OUT open_fen bigint, OUT issued_fen bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT kashi_is_wide() AND p_organisation IS DISTINCT FROM kashi_organisation() THEN
    RAISE EXCEPTION 'the fapiao of another organisation' USING ERRCODE = '42501';
  END IF;
  SELECT coalesce(sum(i.gross_fen), 0) INTO invoiced_fen FROM invoice i WHERE i.organisation_id = p_organisation;
  SELECT ceil(coalesce(sum(p.credit_units), 0) / 1000000) INTO refunded_fen
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
    WHERE j.organisation_id = p_organisation AND j.kind = 'hoursReturned' AND a.kind = 'wallet'
      AND NOT EXISTS (SELECT FROM journal r WHERE r.reverses_key = j.key);
  refunded_fen := refunded_fen + (SELECT coalesce(sum(c.gross_fen), 0) FROM credit_note c
    WHERE c.organisation_id = p_organisation AND c.state = 'issued');
  SELECT coalesce(sum(f.gross_fen) FILTER (WHERE f.kind = 'blue' AND f.state IN ('requested', 'issuing')), 0),
    coalesce(sum(CASE f.kind WHEN 'blue' THEN f.gross_fen ELSE -f.gross_fen END) FILTER (WHERE f.state = 'issued'), 0)
    INTO open_fen, issued_fen FROM fapiao f WHERE f.organisation_id = p_organisation;
END $$;

CREATE OR REPLACE FUNCTION fapiao_line_check_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_of fapiao;
  v_left record;
BEGIN
  PERFORM fapiao_lock(NEW.organisation_id);
  SELECT * INTO v_of FROM fapiao f WHERE f.id = NEW.fapiao_id;
  IF v_of.kind = 'blue' THEN
    SELECT i.gross_fen - coalesce(sum(s.sign * l.gross_fen), 0) - n.gross AS gross, i.net_fen - coalesce(sum(s.sign * l.net_fen), 0) - n.net AS net,
      i.tax_fen - coalesce(sum(s.sign * l.tax_fen), 0) - n.tax AS tax INTO v_left
    FROM invoice_line i
    CROSS JOIN (SELECT coalesce(sum(t.gross_fen), 0) AS gross, coalesce(sum(t.net_fen), 0) AS net, coalesce(sum(t.tax_fen), 0) AS tax
      FROM credit_note_line t JOIN credit_note c ON c.id = t.credit_note_id AND c.state = 'issued'
      WHERE t.invoice_id = NEW.invoice_id AND t.line = NEW.invoice_line) n
    LEFT JOIN fapiao_line l ON l.invoice_id = i.invoice_id AND l.invoice_line = i.line
    LEFT JOIN LATERAL (SELECT CASE WHEN f.kind = 'red' THEN CASE f.state WHEN 'issued' THEN -1 ELSE 0 END
        WHEN f.state IN ('refused', 'withdrawn') THEN 0 ELSE 1 END AS sign FROM fapiao f WHERE f.id = l.fapiao_id) s ON true
    WHERE i.invoice_id = NEW.invoice_id AND i.line = NEW.invoice_line AND i.tax_rate_bps = NEW.tax_rate_bps
    GROUP BY i.gross_fen, i.net_fen, i.tax_fen, n.gross, n.net, n.tax;
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

-- Reversals: proposed by one person, approved by another -------------------------------------------------------------------

CREATE TABLE "reversal_request" (
    "id" TEXT NOT NULL,
    "journal_key" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    CONSTRAINT "reversal_request_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (journal_key) REFERENCES journal (key),
    CONSTRAINT reversal_request_reason_check CHECK (char_length(reason) BETWEEN 3 AND 200),
    CONSTRAINT reversal_request_state_check CHECK (state IN ('proposed', 'approved', 'declined')),
    CONSTRAINT reversal_request_decided_check CHECK ((state = 'proposed') = (decided_by IS NULL) AND (state = 'proposed') = (decided_at IS NULL)),
    CONSTRAINT reversal_request_two_people CHECK (state <> 'approved' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX reversal_request_once ON reversal_request (journal_key) WHERE state <> 'declined';
CREATE INDEX "reversal_request_state_idx" ON "reversal_request"("state");

-- Reopened months ------------------------------------------------------------------------------------------------------------

-- A closed month stays closed for usage and for its documents. While a reopening is agreed to, finance's corrections may
-- count in it: reversals and credit notes, nothing else.
CREATE TABLE "period_reopening" (
    "id" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "totals" JSONB,
    CONSTRAINT "period_reopening_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (month) REFERENCES billing_period,
    CONSTRAINT period_reopening_reason_check CHECK (char_length(reason) BETWEEN 10 AND 500),
    CONSTRAINT period_reopening_state_check CHECK (state IN ('asked', 'agreed', 'declined', 'closed')),
    CONSTRAINT period_reopening_decided_check CHECK ((state = 'asked') = (decided_by IS NULL) AND (state = 'asked') = (decided_at IS NULL)),
    CONSTRAINT period_reopening_two_people CHECK (state NOT IN ('agreed', 'closed') OR decided_by <> asked_by),
    CONSTRAINT period_reopening_closed_check CHECK ((state = 'closed') = (closed_by IS NOT NULL) AND (state = 'closed') = (closed_at IS NOT NULL)
      AND (state = 'closed') = (totals IS NOT NULL))
);
CREATE UNIQUE INDEX period_reopening_one ON period_reopening (month) WHERE state IN ('asked', 'agreed');

CREATE FUNCTION period_reopening_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_free text[] := CASE OLD.state WHEN 'asked' THEN ARRAY['state', 'decided_by', 'decided_at'] ELSE ARRAY['state', 'closed_by', 'closed_at', 'totals'] END;
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('asked', 'agreed'), ('asked', 'declined'), ('agreed', 'closed'))
     OR (to_jsonb(NEW) - v_free) IS DISTINCT FROM (to_jsonb(OLD) - v_free) THEN
    RAISE EXCEPTION 'a reopening is asked for, decided and closed, nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER period_reopening_change BEFORE UPDATE ON period_reopening FOR EACH ROW EXECUTE FUNCTION period_reopening_check_change();
CREATE FUNCTION period_reopening_check_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state <> 'asked' OR NOT EXISTS (SELECT FROM billing_period p WHERE p.month = NEW.month AND p.state = 'closed') THEN
    RAISE EXCEPTION 'a reopening begins by asking for a closed month' USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER period_reopening_new BEFORE INSERT ON period_reopening FOR EACH ROW EXECUTE FUNCTION period_reopening_check_new();

CREATE FUNCTION month_is_reopened(p_month text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM period_reopening r WHERE r.month = p_month AND r.state = 'agreed')
$$;
-- How often a month was closed: what a file of it shows belongs to one of these times.
CREATE FUNCTION month_edition(p_month text) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT 1 + count(*)::int FROM period_reopening r WHERE r.month = p_month AND r.state = 'closed'
$$;

-- Decides a reopening, or closes it again, while nothing is being posted: a journal is either before it or after it.
CREATE FUNCTION ledger_hold_months() RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT pg_advisory_xact_lock(20_26, 11)
$$;

CREATE OR REPLACE FUNCTION journal_check_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_key text;
BEGIN
  SELECT j.key INTO v_key FROM added j JOIN closed_month m ON m.month = shanghai_month(j.effective_at)
    WHERE NOT (j.kind IN ('reversal', 'creditNoteIssued') AND month_is_reopened(m.month)) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % would become effective in a closed month', v_key USING ERRCODE = 'KL403';
  END IF;
  RETURN NULL;
END $$;

-- When something of this moment may become effective: then, or with the first instant of the next month whose close has
-- not begun. For finance's corrections, which say so, a reopened month counts as open.
CREATE OR REPLACE FUNCTION ledger_open_at(p_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_at timestamptz := p_at;
  v_corrects boolean := coalesce(current_setting('kashi.correcting', true), '') = 'yes';
BEGIN
  WHILE (EXISTS (SELECT FROM closed_month WHERE month = shanghai_month(v_at)) OR EXISTS (SELECT FROM billing_period WHERE month = shanghai_month(v_at)))
    AND NOT (v_corrects AND month_is_reopened(shanghai_month(v_at))) LOOP
    v_at := (date_trunc('month', v_at AT TIME ZONE 'UTC' + interval '8 hours') + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC';
  END LOOP;
  RETURN v_at;
END $$;

-- A file belongs to one closing of its month; while the month is reopened nothing is sealed.
ALTER TABLE export_file ADD COLUMN "edition" INTEGER NOT NULL DEFAULT 1;
DROP INDEX export_file_once;
CREATE UNIQUE INDEX export_file_once ON export_file (month, kind, coalesce(organisation_id, ''), edition);
CREATE OR REPLACE FUNCTION export_file_check_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM billing_period p WHERE p.month = NEW.month AND p.state = 'closed') OR month_is_reopened(NEW.month) THEN
    RAISE EXCEPTION 'month % is not closed', NEW.month USING ERRCODE = 'KS001';
  END IF;
  NEW.edition := month_edition(NEW.month);
  RETURN NEW;
END $$;

-- As of when a closed month's files say what they say: of its first close, or of the last one after a reopening. Null while
-- it is open or reopened.
ALTER FUNCTION billing_closed_at(text) RENAME TO billing_first_closed_at;
CREATE FUNCTION billing_closed_at(p_month text) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT greatest(f.at, (SELECT max(r.closed_at) FROM period_reopening r WHERE r.month = p_month AND r.state = 'closed'))
  FROM (SELECT billing_first_closed_at(p_month) AS at) f WHERE f.at IS NOT NULL AND NOT month_is_reopened(p_month)
$$;
REVOKE EXECUTE ON FUNCTION billing_closed_at(text) FROM public;
GRANT EXECUTE ON FUNCTION billing_closed_at(text) TO kashi_app;

-- Due terms ------------------------------------------------------------------------------------------------------------------

-- Within how many days an organisation pays what it owes; the newest before an invoice's issue counts for it.
CREATE TABLE "due_terms" (
    "id" BIGSERIAL NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "days" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "set_by" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "due_terms_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (organisation_id) REFERENCES organisation,
    CONSTRAINT due_terms_check CHECK (days BETWEEN 0 AND 180 AND char_length(reason) BETWEEN 3 AND 200)
);
CREATE INDEX "due_terms_organisation_id_set_at_idx" ON "due_terms"("organisation_id", "set_at");

-- What is kept, who may write, and who sees it. ------------------------------------------------------------------------------
DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['credit_note_line', 'due_terms'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_fixed', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['credit_note', 'reversal_request', 'period_reopening'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
  END LOOP;
  FOREACH v_table IN ARRAY ARRAY['credit_note', 'credit_note_line', 'credit_note_counter', 'reversal_request', 'period_reopening', 'due_terms'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
  END LOOP;
END $$;
CREATE FUNCTION reversal_request_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_free text[] := ARRAY['state', 'decided_by', 'decided_at'];
BEGIN
  IF OLD.state <> 'proposed' OR NEW.state = 'proposed' OR (to_jsonb(NEW) - v_free) IS DISTINCT FROM (to_jsonb(OLD) - v_free) THEN
    RAISE EXCEPTION 'a reversal is proposed and decided, nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reversal_request_change BEFORE UPDATE ON reversal_request FOR EACH ROW EXECUTE FUNCTION reversal_request_check_change();
-- A customer sees its issued notes, and no proposal.
CREATE POLICY tenant ON credit_note FOR SELECT USING (state = 'issued' AND organisation_id = (SELECT kashi_organisation()));
CREATE POLICY tenant ON credit_note_line FOR SELECT USING (organisation_id = (SELECT kashi_organisation())
  AND EXISTS (SELECT FROM credit_note c WHERE c.id = credit_note_line.credit_note_id));
GRANT SELECT, INSERT, UPDATE ON credit_note, credit_note_counter, reversal_request, period_reopening TO kashi_app;
GRANT SELECT, INSERT ON credit_note_line, due_terms TO kashi_app;
GRANT USAGE ON SEQUENCE due_terms_id_seq TO kashi_app;
