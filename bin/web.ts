// npm run web: the pages alone, on DATABASE_URL's database or the embedded one. Start as many as you like.
import { openCommandServer } from '#lib/platform/command-database.ts';
import { environment } from '#lib/platform/environment.ts';
import { isPortFree } from '#lib/platform/ports.ts';
import { stopSignal } from '#lib/platform/process.ts';
import { loadSecret } from '#lib/platform/secret.ts';
import { supervise, webService } from '#lib/platform/supervisor.ts';
import { buildWebIfNeeded } from '#lib/platform/web-build.ts';

const { port, publicUrl } = environment();
if (!(await isPortFree(port))) {
  console.error(`Port ${port} on 127.0.0.1 is taken: choose another with PORT=3001 npm run web.`);
  process.exit(1);
}
const signal = stopSignal();
const server = await openCommandServer();
await buildWebIfNeeded(() => console.log('Building the pages…'), signal);
const variables = {
  DATABASE_URL: server.urlOf(server.mainDatabase),
  PORT: `${port}`,
  KASHI_SECRET: await loadSecret(),
  KASHI_PUBLIC_URL: publicUrl,
};
console.log(`Pages at ${publicUrl}`);
await supervise([webService(variables)], signal, console.log);
await server.close();
process.exit(0);
