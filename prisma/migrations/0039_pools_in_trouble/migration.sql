-- A pool that is led and does not move on: staff saw "leading" while nothing was decided, and the log alone knew why.
ALTER TABLE "pool_lease" ADD COLUMN "troubled_since" TIMESTAMPTZ(3);
