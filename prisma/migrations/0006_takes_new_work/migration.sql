-- A card may do its work and still take none that is new: its device layer refuses it, for instance while a neighbour's
-- fault asks for a reboot of the whole server.
ALTER TABLE "card" ADD COLUMN "takes_new_work" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE card_outage DROP CONSTRAINT card_outage_kind_check,
  ADD CONSTRAINT card_outage_kind_check CHECK (kind IN ('cordoned', 'down', 'blocked'));
