import { once } from 'node:events';
import { linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { out, type ToolProgram, type ToolShelf } from '../tool/program.ts';
import { serveTools, type ToolServer } from './socket.ts';
import { exchange } from './testing-client.ts';

const folders: string[] = [];
const servers: ToolServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function socketPath(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'kashi-tools-'));
  folders.push(folder);
  return path.join(folder, 'devices.sock');
}

const echo: ToolProgram = async function* (args) {
  yield out(`${args.join('|')}\n`);
  return 7;
};

async function serve(shelves: ReadonlyMap<string, ToolShelf>, at = socketPath()): Promise<string> {
  const server = await serveTools(() => shelves, at);
  if (server) servers.push(server);
  return at;
}

const SHELVES = new Map([
  ['srv-a', new Map([['echo', echo]])],
  ['srv-b', new Map<string, ToolProgram>()],
]);

const request = (fields: object): string => `${JSON.stringify({ node: null, program: 'echo', args: [], ...fields })}\n`;

describe('the tool socket', () => {
  test('runs a tool of the first server, or of the one named, and ends with its status', async () => {
    const at = await serve(SHELVES);
    const answer = '{"stdout":"-L|x y\\n"}\n{"exit":7}\n';
    expect(await exchange(at, request({ args: ['-L', 'x y'] }))).toBe(answer);
    expect(await exchange(at, request({ node: 'srv-a', args: ['-L', 'x y'] }))).toBe(answer);
  });

  test.each([
    [{ node: 'srv-c' }, 'No server srv-c is led here; the first of 2 is srv-a.'],
    [{ node: 'srv-b' }, 'echo: command not found on srv-b'],
    [{ program: 'rm' }, 'rm: command not found on srv-a'],
  ])('refuses %j in one sentence', async (fields, sentence) => {
    const at = await serve(SHELVES);
    expect(await exchange(at, request(fields))).toBe(`${JSON.stringify({ stderr: `${sentence}\n` })}\n{"exit":2}\n`);
  });

  test.each([
    ['no JSON', 'hello\n'],
    ['other JSON', '[1, 2]\n'],
    ['an unknown field', request({ shell: 'sh' })],
    ['arguments that are no texts', request({ args: [1] })],
    ['a line without end', 'x'.repeat(200_000)],
    ['bytes that are no text', '\xff\xfe\0\n'],
  ])('survives rubbish: %s', async (_, text) => {
    const at = await serve(SHELVES);
    // The server's patience never ends here, so the answer comes from what was sent.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await exchange(at, text)).toContain('A request is one line of JSON');
    expect(await exchange(at, request({}))).toContain('{"exit":7}');
  });

  test('does not wait for a client that says nothing', async () => {
    const at = await serve(SHELVES);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const answer = exchange(at, '{');
    await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1, timeout: 10_000 });
    vi.advanceTimersByTime(5_000);
    expect(await answer).toContain('A request is one line of JSON');
  });

  test('is open to its owner alone, and leaves nothing behind', async () => {
    const at = await serve(SHELVES);
    expect(statSync(at).mode & 0o777).toBe(0o600);
    await servers.pop()?.close();
    expect(statSync(at, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('ends the run of a client that went away', async () => {
    const ended = Promise.withResolvers<void>();
    const endless: ToolProgram = async function* (_, signal) {
      signal.addEventListener('abort', () => ended.resolve());
      for (;;) {
        yield out('.');
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) return 0;
      }
    };
    const at = await serve(new Map([['srv-a', new Map([['endless', endless]])]]));
    const socket = connect(at);
    socket.write(request({ program: 'endless' }));
    await once(socket, 'data');
    socket.destroy();
    await ended.promise;
  });

  test('a tool that throws harms nobody else', async () => {
    const broken: ToolProgram = async function* () {
      yield out('a');
      throw new Error('a bug');
    };
    const at = await serve(
      new Map([
        [
          'srv-a',
          new Map([
            ['broken', broken],
            ['echo', echo],
          ]),
        ],
      ]),
    );
    expect(await exchange(at, request({ program: 'broken' }))).toContain('{"exit":1}');
    expect(await exchange(at, request({}))).toContain('{"exit":7}');
  });
});

describe('a path', () => {
  test('that another process serves is left alone', async () => {
    const at = await serve(SHELVES);
    expect(await serveTools(() => new Map(), at)).toBeNull();
    expect(await exchange(at, request({}))).toContain('{"exit":7}');
  });

  test('with a socket that nobody serves any more is taken over', async () => {
    const at = socketPath();
    const dead = createServer();
    dead.listen(`${at}.first`);
    await once(dead, 'listening');
    linkSync(`${at}.first`, at);
    dead.close();
    await once(dead, 'close');
    await serve(SHELVES, at);
    expect(await exchange(at, request({}))).toContain('{"exit":7}');
  });

  test('with something else on it is an error, and the thing stays', async () => {
    const at = socketPath();
    writeFileSync(at, 'kept');
    await expect(serveTools(() => new Map(), at)).rejects.toThrow('is not a socket');
  });
});
