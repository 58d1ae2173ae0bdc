import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { invariant } from '#lib/core/assert.ts';

/** One file of an archive: its text is written while it is made. */
export type ZipEntry = { readonly name: string; readonly parts: AsyncIterable<string> | Iterable<string> };

type Listed = {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
};

/** Text is packed in blocks of this size, each by itself: the bytes depend on the text alone, not on how it came. */
const BLOCK_BYTES = 262_144;
/** 1 January 1980, 00:00: archives of the same files are the same bytes. */
const DOS_DATE = 0x0021;
/** Sizes follow the data; names are UTF-8. */
const FLAGS = 0x0808;
const VERSION = 20;
const DEFLATE = 8;
const BYTES_MAX = 0xffff_ffff;

const pack = promisify<Buffer, { level: number; finishFlush: number }, Buffer>(deflateRaw);

function localHeader(name: Buffer): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt16LE(DEFLATE, 8);
  head.writeUInt16LE(DOS_DATE, 12);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function descriptor({ crc, packed, size }: Listed): Buffer {
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(0x08074b50, 0);
  tail.writeUInt32LE(crc, 4);
  tail.writeUInt32LE(packed, 8);
  tail.writeUInt32LE(size, 12);
  return tail;
}

function centralHeader({ name, crc, packed, size, offset }: Listed): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(VERSION, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt16LE(DEFLATE, 10);
  head.writeUInt16LE(DOS_DATE, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(packed, 20);
  head.writeUInt32LE(size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, name]);
}

function ending(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** Cuts text into blocks of bytes of one size, the last one shorter. */
async function* blocksOf(parts: ZipEntry['parts']): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const part of parts) {
    let rest = Buffer.from(part, 'utf8');
    while (bytes + rest.length >= BLOCK_BYTES) {
      const taken = BLOCK_BYTES - bytes;
      yield Buffer.concat([...waiting, rest.subarray(0, taken)]);
      rest = rest.subarray(taken);
      [waiting, bytes] = [[], 0];
    }
    waiting.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

/** Packs one entry and answers what the list at the end says of it. */
async function* packed(entry: ZipEntry, offset: number): AsyncGenerator<Uint8Array, Listed> {
  const name = Buffer.from(entry.name, 'utf8');
  let [crc, size, packedBytes] = [0, 0, 0];
  yield localHeader(name);
  // A block is packed beside this thread while the next one is written; never more than one, so that memory stays small.
  let packing: Promise<Buffer> | null = null;
  for await (const block of blocksOf(entry.parts)) {
    crc = crc32(block, crc);
    size += block.length;
    const out = await packing;
    packing = pack(block, { level: 6, finishFlush: constants.Z_SYNC_FLUSH });
    // Whoever waits for it hears of its failure.
    packing.catch(() => {});
    if (out === null) continue;
    packedBytes += out.length;
    yield out;
  }
  const last = await packing;
  if (last !== null) {
    packedBytes += last.length;
    yield last;
  }
  const end = await pack(Buffer.alloc(0), { level: 6, finishFlush: constants.Z_FINISH });
  packedBytes += end.length;
  yield end;
  const listed = { name, crc, packed: packedBytes, size, offset };
  invariant(size <= BYTES_MAX, `${entry.name} is larger than an archive of this kind holds`);
  yield descriptor(listed);
  return listed;
}

/**
 * A ZIP archive as it is made, entry after entry, a few blocks in memory at a time. The same entries give the same bytes
 * with the same version of zlib. At most 4 GiB.
 */
export async function* zip(entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const listed: Listed[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const parts = packed(entry, offset);
    for (let next = await parts.next(); ; next = await parts.next()) {
      if (next.done) {
        listed.push(next.value);
        break;
      }
      offset += next.value.length;
      yield next.value;
    }
  }
  const directory = Buffer.concat(listed.map(centralHeader));
  invariant(offset + directory.length <= BYTES_MAX, 'an archive of this kind holds 4 GiB');
  yield Buffer.concat([directory, ending(listed.length, directory.length, offset)]);
}
