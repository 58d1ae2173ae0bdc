import { describe, expect, test } from 'vitest';
import { DriverCode } from '../types.ts';
import { processCommand } from './command.ts';

const shell = processCommand('/bin/sh', ['-c']);
const LONG_MS = 60_000;

describe('a tool as a process', () => {
  test('answers with what it printed and its status', async () => {
    expect(await shell.run(['echo out; echo err >&2; exit 3'], { timeoutMs: LONG_MS })).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 3,
    });
  });

  test.each([
    ['hangs', ['sleep 60'], { timeoutMs: 20 }, DriverCode.TIMEOUT],
    ['ignores being asked to stop', ['trap "" TERM; sleep 60'], { timeoutMs: 20 }, DriverCode.TIMEOUT],
    ['was given up before it began', ['true'], { timeoutMs: LONG_MS, signal: AbortSignal.abort() }, DriverCode.TIMEOUT],
    ['prints without end', ['yes'], { timeoutMs: LONG_MS }, DriverCode.UNKNOWN],
  ])('that %s is ended with a code', async (_, args, options, code) => {
    await expect(shell.run(args, options)).rejects.toMatchObject({ code });
  });

  test('that does not exist is a code, not a crash', async () => {
    const nothing = processCommand('/nonexistent/ppu-smi');
    await expect(nothing.run([], { timeoutMs: LONG_MS })).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
    await expect(nothing.follow([], new AbortController().signal)[Symbol.asyncIterator]().next()).rejects.toThrow();
  });

  test('is followed line by line until it is given up, and its own end breaks the stream', async () => {
    const abort = new AbortController();
    const lines = shell.follow(['echo one; echo two; exec sleep 61.7'], abort.signal)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('one');
    expect((await lines.next()).value).toBe('two');
    const waiting = lines.next();
    abort.abort();
    expect((await waiting).done).toBe(true);
    expect((await shell.run(['ps -A -o args | grep -c "[s]leep 61.7" || true'], { timeoutMs: LONG_MS })).stdout).toBe(
      '0\n',
    );

    const short = shell.follow(['echo one'], new AbortController().signal)[Symbol.asyncIterator]();
    await short.next();
    await expect(short.next()).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
  });
});
