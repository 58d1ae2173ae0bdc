import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countServers, peersOf } from './supernode-counts.ts';

test('servers of a word are counted by supernode as one by one, however supernodes lie', () => {
  const pool = fc.array(fc.nat(5), { minLength: 1, maxLength: 70 });
  fc.assert(
    fc.property(pool, fc.array(fc.integer(), { minLength: 3, maxLength: 3 }), (homes, words) => {
      const serverSupernode = Int32Array.from(homes);
      const [counts, expected] = [new Int16Array(6), new Int16Array(6)];
      words.forEach((bits, word) => {
        let own = 0;
        let all = 0;
        for (let bit = 0; bit < 32; bit += 1) {
          const supernode = homes[word * 32 + bit];
          if (supernode === undefined || (bits & (1 << bit)) === 0) continue;
          own |= 1 << bit;
          all += 1;
          expected[supernode] = (expected[supernode] ?? 0) + 1;
        }
        const pooled = { serverSupernode, serverPeers: peersOf(serverSupernode) };
        expect(countServers(pooled, counts, word, own)).toBe(all);
      });
      expect(counts).toEqual(expected);
    }),
  );
});
