-- Each round asks what organisations have reserved in other pools: of all their reservations only those that live.
CREATE INDEX reservation_live ON reservation (organisation_id) WHERE state IN ('confirmed', 'active');
