import {
  Client,
  credentials,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';

// Protocol buffers and gRPC methods from nothing but field numbers and paths: it knows none of our definitions, so
// that what we say is checked against the published contract and not against ourselves.

export type Field = readonly [number: number, value: string | number | boolean | Buffer];

/** A message of these fields, in this order. A number or a truth is a varint, anything else has its length before it. */
export function message(...fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(([number, value]) => {
      if (typeof value === 'number' || typeof value === 'boolean') {
        return Buffer.concat([varint(number << 3), varint(Number(value))]);
      }
      const bytes = Buffer.from(value);
      return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return Buffer.from([...bytes, rest]);
}

/** A message that was received, by field number. */
export class Received {
  readonly #fields = new Map<number, (number | Buffer)[]>();

  constructor(bytes: Buffer) {
    let at = 0;
    const read = (): number => {
      for (let value = 0, shift = 0; ; shift += 7) {
        const byte = bytes.readUInt8(at);
        at += 1;
        value |= (byte & 127) << shift;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const tag = read();
      const value = (tag & 7) === 0 ? read() : this.#slice(bytes, read(), at);
      if (typeof value !== 'number') at += value.length;
      this.#fields.set(tag >>> 3, [...(this.#fields.get(tag >>> 3) ?? []), value]);
    }
  }

  #slice(bytes: Buffer, length: number, at: number): Buffer {
    return bytes.subarray(at, at + length);
  }

  numbers(field: number): number[] {
    return (this.#fields.get(field) ?? []).filter((value) => typeof value === 'number');
  }

  bytes(field: number): Buffer[] {
    return (this.#fields.get(field) ?? []).filter((value) => typeof value !== 'number');
  }

  texts(field: number): string[] {
    return this.bytes(field).map((bytes) => bytes.toString('utf8'));
  }

  text(field: number): string {
    return this.texts(field).join();
  }

  messages(field: number): Received[] {
    return this.bytes(field).map((bytes) => new Received(bytes));
  }

  /** A field of type `map<string, string>`. */
  map(field: number): Record<string, string> {
    return Object.fromEntries(this.messages(field).map((entry) => [entry.text(1), entry.text(2)]));
  }
}

const asIs = (bytes: Buffer): Buffer => bytes;

/** A client of whatever is behind the socket, by the paths of its methods. */
export class WireClient {
  readonly #client: Client;

  constructor(socketPath: string) {
    this.#client = new Client(`unix:${socketPath}`, credentials.createInsecure());
    onTestFinished(() => this.#client.close());
  }

  call(rpcPath: string, request: Buffer): Promise<Received> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(rpcPath, asIs, asIs, request, (error, answer) => {
        if (answer) resolve(new Received(answer));
        else reject(error);
      });
    });
  }

  async *follow(rpcPath: string, request: Buffer): AsyncGenerator<Received> {
    const stream = this.#client.makeServerStreamRequest(rpcPath, asIs, asIs, request);
    stream.on('error', () => undefined);
    try {
      for await (const bytes of stream) yield new Received(bytes);
    } finally {
      stream.cancel();
    }
  }
}

export type WireHandler =
  | { readonly unary: handleUnaryCall<Buffer, Buffer> }
  | { readonly stream: handleServerStreamingCall<Buffer, Buffer> };

/** Serves methods by their paths on a socket until the test is over. */
export async function serveWire(
  socketPath: string,
  handlers: Readonly<Record<string, WireHandler>>,
): Promise<{ close: () => void }> {
  const server = new Server();
  for (const [path, handler] of Object.entries(handlers)) {
    const method = {
      path,
      requestStream: false,
      responseStream: 'stream' in handler,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    };
    server.addService({ method }, { method: 'stream' in handler ? handler.stream : handler.unary });
  }
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  const close = (): void => server.forceShutdown();
  onTestFinished(close);
  return { close };
}

/** A handler that gives each request to `answer`. */
export function answers(answer: (request: Received, bytes: Buffer) => Buffer): WireHandler {
  return { unary: ({ request }, respond) => respond(null, answer(new Received(request), request)) };
}
