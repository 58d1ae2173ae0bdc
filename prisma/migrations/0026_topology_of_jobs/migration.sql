-- A queued job says how its cards lie, as a booking does.
ALTER TABLE "queued_job" ADD COLUMN "topology" TEXT NOT NULL DEFAULT 'any';
ALTER TABLE queued_job ADD CONSTRAINT queued_job_topology_check
  CHECK (topology IN ('any', 'same-server', 'same-supernode', 'whole-servers', 'whole-supernodes'));

-- Why a job waits says now what one supernode has free: the engine writes it anew for jobs that were told without.
UPDATE queued_job SET explanation = NULL, explained_at = NULL WHERE state = 'queued' AND explanation ? 'cardsFreeOnServer';
