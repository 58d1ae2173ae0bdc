/** Takes one change of memory back. */
export type Undo = () => void;

/** The undo of what changed nothing: nobody needs to keep it. */
export const NOTHING_TO_UNDO: Undo = () => {};

/** One undo for two changes, the second first. */
export function undoBoth(first: Undo, second: Undo): Undo {
  if (first === NOTHING_TO_UNDO) return second;
  if (second === NOTHING_TO_UNDO) return first;
  return () => {
    second();
    first();
  };
}

/** One undo for several, last first. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (let i = undos.length - 1; i >= 0; i -= 1) undos[i]?.();
  };
}

/** Does something for each of a list; one undo for all. When one of them throws, those before it are undone. */
export function doAll<T>(list: readonly T[], work: (item: T) => Undo): Undo {
  const undos: Undo[] = [];
  try {
    for (const item of list) {
      const undo = work(item);
      if (undo !== NOTHING_TO_UNDO) undos.push(undo);
    }
  } catch (error) {
    undoAll(undos)();
    throw error;
  }
  return undos.length === 0 ? NOTHING_TO_UNDO : undoAll(undos);
}
