/**
 * Where a narrowing keeps what is left of the words: one place for all that ever read an index, one after another, because
 * to make such lists anew for each search costs as much as many a search. `owner` is whoever began to read last.
 */
export class NarrowedWords {
  words: Int32Array;
  rows: Int32Array;
  /** How many words still hold servers. */
  count = 0;
  spareWords: Int32Array;
  spareRows: Int32Array;
  owner: object | null = null;

  /** For so many rows at most. */
  constructor(rows: number) {
    this.words = new Int32Array(rows);
    this.rows = new Int32Array(rows);
    this.spareWords = new Int32Array(rows);
    this.spareRows = new Int32Array(rows);
  }

  /** What was put down beside becomes what is left. */
  swap(): void {
    [this.words, this.spareWords] = [this.spareWords, this.words];
    [this.rows, this.spareRows] = [this.spareRows, this.rows];
  }
}
