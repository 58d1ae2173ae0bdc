import type { Socket } from 'node:net';
import { ChannelCredentials, Client, credentials } from '@grpc/grpc-js';

type Connector = ReturnType<ChannelCredentials['_createSecureConnector']>;

/** Unencrypted, as sockets on one host are, and remembering its connections so that they can be cut. */
class CuttableCredentials extends ChannelCredentials {
  readonly #plain = credentials.createInsecure();
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _isSecure(): boolean {
    return false;
  }

  override _createSecureConnector(...args: Parameters<ChannelCredentials['_createSecureConnector']>): Connector {
    const connector = this.#plain._createSecureConnector(...args);
    return {
      connect: (socket) => {
        this.#sockets.add(socket);
        if (this.#isCut) socket.destroy();
        return connector.connect(socket);
      },
      waitForReady: () => connector.waitForReady(),
      getCallCredentials: () => connector.getCallCredentials(),
      destroy: () => connector.destroy(),
    };
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }
}

export type Connection = {
  readonly client: Client;
  /** Ends the connection at once. The library alone would wait for ever on a socket where nobody ever answered. */
  readonly end: () => void;
};

/** A connection of its own: a shared one would share its failures, and how long it waits after them. */
export function openConnection(socketPath: string): Connection {
  const cuttable = new CuttableCredentials();
  const client = new Client(`unix:${socketPath}`, cuttable, {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
  });
  return {
    client,
    end: () => {
      client.close();
      cuttable.cut();
    },
  };
}
