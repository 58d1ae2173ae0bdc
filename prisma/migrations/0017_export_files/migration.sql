-- What files a closed month gave: once made, a file of a month is the same for ever, and its hash says so.
CREATE TABLE "export_file" (
    "id" BIGSERIAL NOT NULL,
    "organisation_id" TEXT,
    "month" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "rows" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "totals" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "made_by" TEXT NOT NULL,
    CONSTRAINT "export_file_pkey" PRIMARY KEY ("id")
);
ALTER TABLE export_file ADD FOREIGN KEY (organisation_id) REFERENCES organisation,
  ADD FOREIGN KEY (month) REFERENCES billing_period,
  ADD CONSTRAINT export_file_hash_check CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT export_file_size_check CHECK (rows >= 0 AND bytes > 0),
  ADD CONSTRAINT export_file_kind_check CHECK (kind IN ('usage-csv', 'usage-xlsx', 'detail', 'focus-1.2', 'focus-1.4',
    'focus-1.4-invoice-detail', 'focus-1.4-billing-period', 'invoice-pdf', 'invoice-xlsx', 'statement-pdf'));
-- One file of a kind: of an organisation, or of everybody.
CREATE UNIQUE INDEX export_file_once ON export_file (month, kind, coalesce(organisation_id, ''));

CREATE TRIGGER export_file_fixed BEFORE UPDATE OR DELETE ON export_file FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER export_file_kept BEFORE TRUNCATE ON export_file FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();
-- Only of a month that is closed.
CREATE FUNCTION export_file_check_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM billing_period p WHERE p.month = NEW.month AND p.state = 'closed') THEN
    RAISE EXCEPTION 'month % is not closed', NEW.month USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER export_file_month BEFORE INSERT ON export_file FOR EACH ROW EXECUTE FUNCTION export_file_check_month();

ALTER TABLE export_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON export_file USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON export_file USING (organisation_id = (SELECT kashi_organisation()))
  WITH CHECK (organisation_id = (SELECT kashi_organisation()));
GRANT SELECT, INSERT ON export_file TO kashi_app;
GRANT USAGE ON SEQUENCE export_file_id_seq TO kashi_app;

-- A customer may know when a month was closed, and nothing else of the period's totals.
CREATE FUNCTION billing_closed_at(p_month text) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.closed_at FROM billing_period p WHERE p.month = p_month AND p.state = 'closed' AND kashi_scope() IS NOT NULL
$$;
REVOKE EXECUTE ON FUNCTION billing_closed_at(text) FROM public;
GRANT EXECUTE ON FUNCTION billing_closed_at(text) TO kashi_app;
