// A process that does one work as soon as it is told to, and says when it has. Its parent kills it.
import { openDatabase } from '#lib/platform/db.ts';
import { WORKS, type WorkName } from './testing-works.ts';

/** What the parent tells it, once. */
export type VictimOrder = { readonly work: WorkName; readonly url: string };

process.once('message', async ({ work, url }: VictimOrder) => {
  openDatabase(url, 5);
  await WORKS[work].run();
  process.send?.('done', () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
process.send?.('ready');
