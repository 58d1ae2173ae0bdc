/** The fewest links between cards, by breadth-first search over bonds; -1 where no path leads. */
export function hopMatrix(bonds: readonly (readonly number[])[]): number[][] {
  return bonds.map((_, from) => {
    const hops = bonds.map(() => -1);
    hops[from] = 0;
    const queue = [from];
    for (const at of queue) {
      for (const [to, links] of (bonds[at] ?? []).entries()) {
        if (links === 0 || hops[to] !== -1) continue;
        hops[to] = (hops[at] ?? 0) + 1;
        queue.push(to);
      }
    }
    return hops;
  });
}
