/** Takes one change of memory back. */
export type Undo = () => void;

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
    for (const item of list) undos.push(work(item));
  } catch (error) {
    undoAll(undos)();
    throw error;
  }
  return undoAll(undos);
}
