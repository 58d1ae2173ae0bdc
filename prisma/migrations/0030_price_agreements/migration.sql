-- Prices agreed with one customer: who proposed and who approved them, from when to when, and the price versions that follow.

-- The agreement ----------------------------------------------------------------------------------------------------------
-- A part of the list price, of one SKU or of all; or a price per card-hour of one SKU. No organisation and SKU has two at
-- any moment; one for the SKU goes before one for all. Never edited: ended, or replaced by the next one.
CREATE TABLE "price_agreement" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "sku_id" TEXT,
    "factor_bps" INTEGER,
    "price_e10_per_card_hour" BIGINT,
    "valid_from" TIMESTAMPTZ(3),
    "valid_to" TIMESTAMPTZ(3),
    "contract_number" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    CONSTRAINT "price_agreement_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX price_agreement_tenant ON price_agreement (id, organisation_id);
CREATE UNIQUE INDEX price_agreement_proposed ON price_agreement (organisation_id, coalesce(sku_id, '')) WHERE state = 'proposed';
CREATE INDEX "price_agreement_organisation_id_idx" ON "price_agreement"("organisation_id");
ALTER TABLE price_agreement
  ADD FOREIGN KEY (organisation_id) REFERENCES organisation, ADD FOREIGN KEY (sku_id) REFERENCES sku,
  ADD CHECK (reason <> '' AND contract_number <> ''),
  ADD CHECK (factor_bps BETWEEN 1 AND 9999), ADD CHECK (price_e10_per_card_hour > 0),
  ADD CONSTRAINT price_agreement_one_price CHECK (num_nonnulls(factor_bps, price_e10_per_card_hour) = 1),
  ADD CONSTRAINT price_agreement_fixed_of_sku CHECK (price_e10_per_card_hour IS NULL OR sku_id IS NOT NULL),
  ADD CHECK (state IN ('proposed', 'approved', 'declined')),
  ADD CHECK ((state = 'proposed') = (decided_by IS NULL AND decided_at IS NULL)),
  ADD CHECK ((ended_by IS NULL) = (ended_at IS NULL) AND (ended_at IS NULL OR valid_to IS NOT NULL)),
  ADD CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from),
  -- A quote knows the second in which it was made: within one second there is one price.
  ADD CHECK (valid_from = date_trunc('second', valid_from) AND valid_to = date_trunc('second', valid_to)),
  ADD CONSTRAINT price_agreement_two_people CHECK (state = 'declined' OR decided_by <> proposed_by),
  ADD CONSTRAINT price_agreement_not_retroactive CHECK (state <> 'approved' OR (valid_from IS NOT NULL AND valid_from >= decided_at)),
  ADD CONSTRAINT price_agreement_once EXCLUDE USING gist (organisation_id WITH =, coalesce(sku_id, '') WITH =,
    tstzrange(valid_from, valid_to) WITH &&) WHERE (state = 'approved');

CREATE FUNCTION price_agreement_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.organisation_id, NEW.contract_number, NEW.reason, NEW.proposed_by, NEW.proposed_at)
     IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.contract_number, OLD.reason, OLD.proposed_by, OLD.proposed_at)
     OR (NEW.sku_id, NEW.factor_bps, NEW.price_e10_per_card_hour) IS DISTINCT FROM (OLD.sku_id, OLD.factor_bps, OLD.price_e10_per_card_hour)
     OR NOT (OLD.state = 'proposed' AND NEW.state IN ('approved', 'declined') AND NEW.ended_at IS NULL
         AND NEW.valid_to IS NOT DISTINCT FROM OLD.valid_to AND (NEW.valid_from IS NOT DISTINCT FROM OLD.valid_from OR OLD.valid_from IS NULL)
       -- An end only comes nearer, and never lies in the past.
       OR OLD.state = 'approved' AND NEW.state = 'approved' AND NEW.valid_from = OLD.valid_from
         AND (NEW.decided_by, NEW.decided_at) = (OLD.decided_by, OLD.decided_at)
         AND NEW.ended_at IS NOT NULL AND NEW.valid_to <= coalesce(OLD.valid_to, 'infinity') AND NEW.valid_to >= greatest(NEW.ended_at, OLD.valid_from)) THEN
    RAISE EXCEPTION 'a price agreement is proposed, decided and ended, nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER price_agreement_change BEFORE UPDATE ON price_agreement FOR EACH ROW EXECUTE FUNCTION price_agreement_check_change();
CREATE TRIGGER price_agreement_kept BEFORE DELETE ON price_agreement FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER price_agreement_all_kept BEFORE TRUNCATE ON price_agreement FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();

-- The price versions of one customer --------------------------------------------------------------------------------------
-- A version of its own for every version of the list that the agreement meets, its tiers too: so that whatever is charged
-- needs nothing new. Bands and terms are those of the list.
ALTER TABLE "price_version" ADD COLUMN "organisation_id" TEXT, ADD COLUMN "agreement_id" TEXT, ADD COLUMN "list_id" TEXT,
  ADD CONSTRAINT "price_version_agreement_id_fkey" FOREIGN KEY ("agreement_id") REFERENCES "price_agreement"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  ADD CONSTRAINT "price_version_list_id_fkey" FOREIGN KEY ("list_id") REFERENCES "price_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE price_version
  ADD FOREIGN KEY (agreement_id, organisation_id) REFERENCES price_agreement (id, organisation_id),
  ADD CONSTRAINT price_version_agreed_check CHECK (num_nonnulls(organisation_id, agreement_id, list_id) IN (0, 3));
DROP INDEX "price_version_sku_id_valid_from_tier_key";
CREATE UNIQUE INDEX price_version_list ON price_version (sku_id, valid_from, tier) WHERE agreement_id IS NULL;
DROP INDEX price_version_base_tier;
CREATE UNIQUE INDEX price_version_base_tier ON price_version (base_id, tier) WHERE base_id IS NOT NULL AND agreement_id IS NULL;
CREATE UNIQUE INDEX "price_version_list_id_agreement_id_key" ON "price_version"("list_id", "agreement_id");
CREATE INDEX price_version_own ON price_version (organisation_id) WHERE organisation_id IS NOT NULL;

DROP TRIGGER price_version_tier ON price_version;
CREATE TRIGGER price_version_tier BEFORE INSERT ON price_version FOR EACH ROW WHEN (NEW.tier <> 'standard' AND NEW.agreement_id IS NULL)
  EXECUTE FUNCTION price_version_tier_check();

-- List price, tier and agreement, rounded down once, to 1e-10 yuan. An agreed price is never above the list: where the
-- list falls below it, the list counts.
CREATE FUNCTION price_agreed(p_list bigint, p_tier_bps int, p_factor_bps int, p_fixed bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT div(least(p_list, coalesce(p_fixed, p_list))::numeric * coalesce(p_tier_bps, 10000) * coalesce(p_factor_bps, 10000), 100000000)::bigint
$$;

CREATE FUNCTION price_version_agreed_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM price_version l JOIN price_version b ON b.id = coalesce(l.base_id, l.id)
      JOIN price_agreement a ON a.id = NEW.agreement_id AND a.state = 'approved'
      WHERE l.id = NEW.list_id AND l.agreement_id IS NULL AND a.organisation_id = NEW.organisation_id AND coalesce(a.sku_id, l.sku_id) = l.sku_id
        AND (NEW.sku_id, NEW.valid_from, NEW.tier, NEW.return_share_bps) = (l.sku_id, l.valid_from, l.tier, l.return_share_bps)
        AND NEW.base_id IS NOT DISTINCT FROM l.base_id AND NEW.tier_factor_bps IS NOT DISTINCT FROM l.tier_factor_bps
        AND NEW.price_e10_per_card_hour = price_agreed(b.price_e10_per_card_hour, l.tier_factor_bps, a.factor_bps, a.price_e10_per_card_hour)) THEN
    RAISE EXCEPTION 'an agreed price follows from the list and its agreement: %', NEW.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER price_version_agreed BEFORE INSERT ON price_version FOR EACH ROW WHEN (NEW.agreement_id IS NOT NULL)
  EXECUTE FUNCTION price_version_agreed_check();

-- Makes the versions that approved agreements have of versions of the list, where they are missing; all, or those of one of either.
CREATE FUNCTION price_agree(p_agreement text, p_list text) RETURNS void LANGUAGE sql AS $$
  WITH wanted AS (
    SELECT 'prv_' || substr(md5(l.id || ' ' || a.id), 1, 26) AS id, l.id AS list_id, a.id AS agreement_id, a.organisation_id, l.sku_id,
      l.valid_from, l.return_share_bps, l.tier, l.base_id, l.tier_factor_bps,
      price_agreed(b.price_e10_per_card_hour, l.tier_factor_bps, a.factor_bps, a.price_e10_per_card_hour) AS price
    FROM price_agreement a JOIN price_version l ON l.agreement_id IS NULL AND coalesce(a.sku_id, l.sku_id) = l.sku_id
      JOIN price_version b ON b.id = coalesce(l.base_id, l.id)
    WHERE a.state = 'approved' AND a.id = coalesce(p_agreement, a.id) AND l.id = coalesce(p_list, l.id)
      AND l.valid_from < coalesce(a.valid_to, 'infinity')
      -- Not what the list had replaced before the agreement began.
      AND NOT EXISTS (SELECT FROM price_version n WHERE n.sku_id = l.sku_id AND n.agreement_id IS NULL AND n.tier = 'standard'
        AND n.valid_from > l.valid_from AND n.valid_from <= a.valid_from)
      AND NOT EXISTS (SELECT FROM price_version o WHERE o.list_id = l.id AND o.agreement_id = a.id)
  ), made AS (
    INSERT INTO price_version (id, sku_id, valid_from, price_e10_per_card_hour, return_share_bps, tier, base_id, tier_factor_bps,
      organisation_id, agreement_id, list_id)
    SELECT id, sku_id, valid_from, price, return_share_bps, tier, base_id, tier_factor_bps, organisation_id, agreement_id, list_id FROM wanted
    RETURNING id, list_id
  ), bands AS (
    INSERT INTO price_band (price_version_id, from_hour, to_hour, factor_bps)
    SELECT m.id, b.from_hour, b.to_hour, b.factor_bps FROM made m JOIN price_band b ON b.price_version_id = m.list_id
  )
  INSERT INTO price_term (price_version_id, term, term_seconds, factor_bps)
  SELECT m.id, t.term, t.term_seconds, t.factor_bps FROM made m JOIN price_term t ON t.price_version_id = m.list_id
$$;

-- A new list price has the agreed prices with it, in whatever order its rows are written.
CREATE FUNCTION price_version_agree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM price_agree(NULL, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER price_version_agree AFTER INSERT ON price_version FOR EACH ROW WHEN (NEW.agreement_id IS NULL)
  EXECUTE FUNCTION price_version_agree();
CREATE FUNCTION price_band_agree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO price_band (price_version_id, from_hour, to_hour, factor_bps)
  SELECT v.id, NEW.from_hour, NEW.to_hour, NEW.factor_bps FROM price_version v WHERE v.list_id = NEW.price_version_id;
  RETURN NULL;
END $$;
CREATE TRIGGER price_band_agree AFTER INSERT ON price_band FOR EACH ROW EXECUTE FUNCTION price_band_agree();
CREATE FUNCTION price_term_agree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO price_term (price_version_id, term, term_seconds, factor_bps)
  SELECT v.id, NEW.term, NEW.term_seconds, NEW.factor_bps FROM price_version v WHERE v.list_id = NEW.price_version_id;
  RETURN NULL;
END $$;
CREATE TRIGGER price_term_agree AFTER INSERT ON price_term FOR EACH ROW EXECUTE FUNCTION price_term_agree();

-- Nobody is charged a price that was agreed with somebody else, and no quote has one.
CREATE FUNCTION price_own_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM added a JOIN price_version v ON v.id = a.price_version_id WHERE v.organisation_id <> a.organisation_id) THEN
    RAISE EXCEPTION 'a price that was agreed with somebody else' USING ERRCODE = 'KS001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER quote_own_price AFTER INSERT ON quote REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION price_own_check();
CREATE TRIGGER reservation_own_price AFTER INSERT ON reservation REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION price_own_check();

-- Who sees what -----------------------------------------------------------------------------------------------------------
ALTER TABLE price_agreement ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON price_agreement USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON price_agreement FOR SELECT USING (state = 'approved' AND organisation_id = (SELECT kashi_organisation()));
GRANT SELECT, INSERT, UPDATE ON price_agreement TO kashi_app;
-- The list is everybody's, an agreed price its customer's.
DROP POLICY reference ON price_version;
CREATE POLICY reference ON price_version FOR SELECT
  USING ((SELECT kashi_in_context()) AND (organisation_id IS NULL OR organisation_id = (SELECT kashi_organisation())));
DROP POLICY reference ON price_band;
CREATE POLICY reference ON price_band FOR SELECT USING (EXISTS (SELECT FROM price_version v WHERE v.id = price_version_id));
DROP POLICY reference ON price_term;
CREATE POLICY reference ON price_term FOR SELECT USING (EXISTS (SELECT FROM price_version v WHERE v.id = price_version_id));
