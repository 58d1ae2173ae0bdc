import { countBits, lowestBit } from './bits.ts';

/** For each server the servers of its word that are of the same supernode, itself among them, as bits. */
export function peersOf(supernodes: Int32Array): Int32Array {
  const peers = new Int32Array(supernodes.length);
  for (let first = 0; first < supernodes.length; first += 32) {
    const own = supernodes.subarray(first, first + 32);
    own.forEach((supernode, i) => {
      for (let bit = 0; bit < own.length; bit += 1)
        if (own[bit] === supernode) peers[first + i] = (peers[first + i] ?? 0) | (1 << bit);
    });
  }
  return peers;
}

/** Servers and their supernodes, for counting. */
type Homes = { readonly serverSupernode: Int32Array; readonly serverPeers: Int32Array };

/** Adds servers of a word, given as bits, to the counts of their supernodes, and says how many they are. */
export function countServers(
  { serverSupernode, serverPeers }: Homes,
  counts: Int16Array,
  word: number,
  servers: number,
): number {
  for (let rest = servers; rest !== 0; ) {
    const server = word * 32 + lowestBit(rest);
    const peers = serverPeers[server] ?? -1;
    const supernode = serverSupernode[server] ?? 0;
    counts[supernode] = (counts[supernode] ?? 0) + countBits(rest & peers);
    rest &= ~peers;
  }
  return countBits(servers);
}
