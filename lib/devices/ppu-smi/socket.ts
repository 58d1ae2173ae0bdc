import { once } from 'node:events';
import { chmodSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ToolShelf } from '../tool/program.ts';
import { REQUEST_BYTES_MAX, parseToolRequest, type ToolFrame, type ToolRequest } from './protocol.ts';

const CONNECTIONS_MAX = 64;
/** How long a client may take to say what it wants. */
const REQUEST_MS_MAX = 5_000;
const USAGE_STATUS = 2;

/** The tools of the servers that this process reaches, by server; asked anew for every request. */
export type ToolShelves = () => ReadonlyMap<string, ToolShelf>;

export type ToolServer = { close(): Promise<void> };

/**
 * Serves the tools on a unix socket that only this user may open; null when another process serves there. A socket
 * that nobody serves is replaced. Rejects when the path cannot be listened at.
 */
export async function serveTools(shelves: ToolShelves, socketPath: string): Promise<ToolServer | null> {
  const file = statSync(socketPath, { throwIfNoEntry: false });
  if (file && !file.isSocket()) throw new Error(`${socketPath} is not a socket`);
  if (file && (await isServed(socketPath))) return null;
  const server = createServer((socket) => void answer(shelves, socket));
  server.maxConnections = CONNECTIONS_MAX;
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const ownFile = await listenPrivately(server, socketPath);
  return {
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
      // Another process may have replaced the file meanwhile; that one stays.
      if (fileAt(socketPath) === ownFile) unlinkSync(socketPath);
    },
  };
}

/** Listens beside the path, closes the file to others, and only then moves it there, over what nobody serves. */
async function listenPrivately(server: Server, socketPath: string): Promise<number | null> {
  const ownPath = `${socketPath}.${process.pid}`;
  try {
    unlinkSync(ownPath);
  } catch {
    // Left by a process of the same number that was killed; usually there is none.
  }
  server.listen(ownPath);
  await once(server, 'listening');
  chmodSync(ownPath, 0o600);
  renameSync(ownPath, socketPath);
  return fileAt(socketPath);
}

function fileAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

async function isServed(socketPath: string): Promise<boolean> {
  const socket = connect(socketPath);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function answer(shelves: ToolShelves, socket: Socket): Promise<void> {
  const ending = new AbortController();
  socket.on('error', () => ending.abort());
  socket.once('close', () => ending.abort());
  const send = async (frame: ToolFrame): Promise<void> => {
    if (ending.signal.aborted || socket.write(`${JSON.stringify(frame)}\n`)) return;
    await once(socket, 'drain', { signal: ending.signal }).catch(() => undefined);
  };
  try {
    const request = await readRequest(socket);
    if (!request) await refuse(send, 'A request is one line of JSON with a program and its arguments.');
    else await run(shelves(), request, send, ending.signal);
  } catch {
    await send({ stderr: 'The tool failed.\n' });
    await send({ exit: 1 });
  }
  socket.end();
}

async function run(
  shelves: ReadonlyMap<string, ToolShelf>,
  { node, program, args }: ToolRequest,
  send: (frame: ToolFrame) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const nodeId = node ?? [...shelves.keys()][0];
  const shelf = nodeId === undefined ? undefined : shelves.get(nodeId);
  if (!shelf)
    return refuse(
      send,
      nodeId === undefined
        ? 'No server is led here now.'
        : `No server ${nodeId} is led here; the first of ${shelves.size} is ${[...shelves.keys()][0]}.`,
    );
  const tool = shelf.get(program);
  if (!tool) return refuse(send, `${program}: command not found on ${nodeId}`);
  const steps = tool(args, signal);
  for (;;) {
    const { done, value } = await steps.next();
    if (signal.aborted) break;
    if (done) return send({ exit: value });
    await send(value.to === 'stdout' ? { stdout: value.text } : { stderr: value.text });
  }
  // Nobody listens any more: the run is let go, and its own end is waited for by nobody.
  void steps.return(0);
}

async function refuse(send: (frame: ToolFrame) => Promise<void>, sentence: string): Promise<void> {
  await send({ stderr: `${sentence}\n` });
  await send({ exit: USAGE_STATUS });
}

/** The first line, within bounds of size and time; null when it is no request. What follows it is dropped. */
function readRequest(socket: Socket): Promise<ToolRequest | null> {
  const { promise, resolve } = Promise.withResolvers<ToolRequest | null>();
  const timer = setTimeout(() => resolve(null), REQUEST_MS_MAX);
  let text = '';
  socket.setEncoding('utf8');
  socket.once('close', () => resolve(null));
  socket.on('data', (chunk: string) => {
    if (text.length <= REQUEST_BYTES_MAX) text += chunk;
    const end = text.indexOf('\n');
    if (end >= 0) resolve(parseToolRequest(text.slice(0, end)));
    else if (text.length > REQUEST_BYTES_MAX) resolve(null);
  });
  return promise.finally(() => clearTimeout(timer));
}
