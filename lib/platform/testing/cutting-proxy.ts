import { connect, createServer, type Socket } from 'node:net';

/** A way to a database that can be cut where it hurts most. */
export type CuttingProxy = {
  readonly url: string;
  /** From now on the next COMMIT reaches the server, but its sender never hears so. */
  readonly cutAtNextCommit: () => void;
  readonly close: () => void;
};

/** Listens on a port of its own and passes everything on to the server of `url`. */
export async function openCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url);
  const open = new Set<Socket>();
  let isArmed = false;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCut = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          open.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    client.on('data', (chunk) => {
      if (isArmed && chunk.includes('COMMIT')) {
        isArmed = false;
        isCut = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (isCut) client.destroy();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const proxied = new URL(url);
  proxied.port = `${typeof address === 'object' && address ? address.port : 0}`;
  return {
    url: proxied.href,
    cutAtNextCommit: () => {
      isArmed = true;
    },
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
