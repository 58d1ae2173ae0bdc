-- A booking may belong to a project of its organisation, as jobs do; a job's reservation belongs to its job's project.
ALTER TABLE "reservation" ADD COLUMN "project_id" TEXT;
ALTER TABLE reservation ADD CONSTRAINT reservation_project_fkey
  FOREIGN KEY (project_id, organisation_id) REFERENCES project (id, organisation_id);
UPDATE reservation r SET project_id = q.project_id FROM queued_job q WHERE q.reservation_id = r.id AND q.project_id IS NOT NULL;
CREATE INDEX reservation_project ON reservation (project_id, created_at) WHERE project_id IS NOT NULL;
