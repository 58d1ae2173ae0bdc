-- A booking may belong to a project of its organisation, as jobs do; a job's reservation belongs to its job's project.
ALTER TABLE "reservation" ADD COLUMN "project_id" TEXT;
ALTER TABLE reservation ADD CONSTRAINT reservation_project_fkey
  FOREIGN KEY (project_id, organisation_id) REFERENCES project (id, organisation_id);
UPDATE reservation r SET project_id = q.project_id FROM queued_job q WHERE q.reservation_id = r.id AND q.project_id IS NOT NULL;
CREATE INDEX reservation_project ON reservation (project_id, created_at) WHERE project_id IS NOT NULL;

-- Who set a pool's share of spares last, and when; null as it was built.
ALTER TABLE "pool" ADD COLUMN "spares_set_by" TEXT, ADD COLUMN "spares_set_at" TIMESTAMPTZ(3);
ALTER TABLE pool ADD CONSTRAINT pool_spares_set_check CHECK ((spares_set_by IS NULL) = (spares_set_at IS NULL));

-- Markets from before the queue: from here on, for what there is.

-- The tiers of queued jobs, at the parts of the price that a new market has, for the price in force and those to come.
INSERT INTO price_version (id, sku_id, valid_from, price_e10_per_card_hour, return_share_bps, tier, base_id, tier_factor_bps)
SELECT v.id || '-' || t.tier, v.sku_id, v.valid_from, v.price_e10_per_card_hour * t.bps / 10000, v.return_share_bps, t.tier, v.id, t.bps
FROM price_version v JOIN sku s ON s.id = v.sku_id CROSS JOIN (VALUES ('urgent', 15000), ('flex', 6000)) AS t (tier, bps)
WHERE v.tier = 'standard' AND s.purchase = 'by-hour' AND s.retired_at IS NULL
  AND NOT EXISTS (SELECT FROM price_version o WHERE o.sku_id = v.sku_id AND o.tier <> 'standard')
  AND v.valid_from >= coalesce((SELECT max(o.valid_from) FROM price_version o
    WHERE o.sku_id = v.sku_id AND o.tier = 'standard' AND o.valid_from <= kashi_now()), '-infinity');
INSERT INTO price_band (price_version_id, from_hour, to_hour, factor_bps)
SELECT v.id, b.from_hour, b.to_hour, b.factor_bps FROM price_version v JOIN price_band b ON b.price_version_id = v.base_id
WHERE NOT EXISTS (SELECT FROM price_band o WHERE o.price_version_id = v.id);

-- The share of spares that a new pool has is asked of the pools without any: their leader decides, as for everybody.
INSERT INTO command (id, pool_id, kind, payload, payload_hash, idempotency_key, actor, request_id, submitted_at, state)
SELECT 'cmd_' || substr(encode(sha256(convert_to(p.id, 'UTF8')), 'hex'), 1, 26), p.id, 'setSpares', c.payload,
  encode(sha256(convert_to(c.payload::text, 'UTF8')), 'hex'), 'spares-of-new-pools-' || p.id, 'system:migration', 'req_migration_0019', kashi_now(), 'pending'
FROM pool p CROSS JOIN (VALUES ('{"kind": "setSpares", "shareBps": 200, "reason": "the share of a new pool"}'::jsonb)) AS c (payload)
WHERE p.spare_bps = 0 AND NOT EXISTS (SELECT FROM card c WHERE c.pool_id = p.id AND c.commercial = 'spare');
