-- Gangs may take supernodes of their own.
ALTER TABLE reservation DROP CONSTRAINT reservation_topology_check;
ALTER TABLE reservation ADD CONSTRAINT reservation_topology_check
  CHECK (topology IN ('any', 'same-server', 'same-supernode', 'whole-servers', 'whole-supernodes'));
