-- Late charges are found by the allocation that they are of. A second index over the same few rows looked as good to the planner
-- once a sample of the charges held no late one: it then read all late charges for each allocation of every hour.
DROP INDEX usage_charge_put_right;
