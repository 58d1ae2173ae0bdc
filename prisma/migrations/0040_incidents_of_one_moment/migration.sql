-- A case that comes back may join an incident whose first case is new, and is written before it: what was open must be closed before
-- it is opened again. Which case an incident begins with is looked at when all of a moment is written.
ALTER TABLE fault_case ALTER CONSTRAINT fault_case_incident_id_fkey DEFERRABLE INITIALLY DEFERRED;
