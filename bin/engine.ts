// The always-on process: leads pools, decides, drives devices, meters, charges. Stops on SIGTERM and Ctrl-C.
import { serveEngine } from '#lib/engine/run.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { environment } from '#lib/platform/environment.ts';
import { stopSignal } from '#lib/platform/process.ts';
import { closeNotifications } from '#lib/platform/notifications.ts';

const { fleetSeed, faultRates } = environment();
await serveEngine({ seed: fleetSeed, faultRates }, stopSignal());
await closeNotifications();
await closeDatabase();
process.exit(0);
