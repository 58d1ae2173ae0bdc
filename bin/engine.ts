// The always-on process: leads pools, decides, drives devices, meters, charges. Stops on SIGTERM and Ctrl-C.
import { readFileSync } from 'node:fs';
import { NO_HOSTS, parseHosts } from '#lib/devices/hosts.ts';
import { serveEngine } from '#lib/engine/run.ts';
import { enterDatabase, openCommandServer } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { environment } from '#lib/platform/environment.ts';
import { closeNotifications } from '#lib/platform/notifications.ts';
import { stopSignal } from '#lib/platform/process.ts';

const { fleetSeed, faultRates, hostsFile, metricsPort, metricsToken } = environment();
const hosts = hostsFile === null ? NO_HOSTS : parseHosts(readFileSync(hostsFile, 'utf8'));
const signal = stopSignal();
const server = await openCommandServer();
enterDatabase(server, server.mainDatabase);
const metrics = metricsPort === null ? null : { port: metricsPort, token: metricsToken };
await serveEngine({ seed: fleetSeed, faultRates, hosts }, metrics, signal);
await closeNotifications();
await closeDatabase();
await server.close();
process.exit(0);
