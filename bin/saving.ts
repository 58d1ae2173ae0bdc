import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes beside the target and moves it there when it is whole: what is broken off leaves nothing behind. */
export async function save(parts: AsyncIterable<Uint8Array | string> | Iterable<string>, out: string): Promise<void> {
  const partial = `${out}.part`;
  try {
    await pipeline(Readable.from(parts, { objectMode: false }), createWriteStream(partial));
    await rename(partial, out);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
