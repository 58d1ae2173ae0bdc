import { parse } from 'csv-parse/sync';
import type { ServerShape, SliceSpec } from '#lib/scheduler/slices/types.ts';

/** What is wrong with an openb file, as one sentence. */
export class OpenbError extends Error {
  override readonly name = 'OpenbError';
}

/** A pod of the trace: its name orders it, its spec is one object for all pods that ask for the same. */
export type OpenbPod = { readonly name: string; readonly spec: SliceSpec };

type Row = { readonly line: number; readonly text: (column: string) => string };

const COUNT_MAX = 1_000_000_000;
const CARDS_MAX = 64;

function rowsOf(csv: string, columns: readonly string[]): Row[] {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(csv, { columns: true, skip_empty_lines: true, trim: true, bom: true, info: true });
  } catch (error) {
    throw new OpenbError(error instanceof Error ? `it is not CSV: ${error.message}.` : 'it is not CSV.');
  }
  const missing = columns.filter((column) => !Object.hasOwn(records[0]?.record ?? {}, column));
  if (missing.length > 0) throw new OpenbError(`it has no rows with the columns ${missing.join(', ')}.`);
  return records.map(({ record, info }) => ({ line: info.lines, text: (column) => record[column] ?? '' }));
}

function wholeIn(row: Row, column: string, max: number): number {
  const text = row.text(column);
  const value = /^\d{1,10}(\.0+)?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (value <= max) return value;
  throw new OpenbError(`line ${row.line}: ${column} is a whole number up to ${max}, not "${text}".`);
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** Reads an openb list of nodes, in the order of their names. Throws {@link OpenbError}. */
export function readOpenbNodes(csv: string): ServerShape[] {
  const nodes = rowsOf(csv, ['sn', 'cpu_milli', 'memory_mib', 'gpu', 'model']).map((row) => ({
    name: row.text('sn'),
    shape: {
      model: row.text('model'),
      cards: wholeIn(row, 'gpu', CARDS_MAX),
      cpuMilli: wholeIn(row, 'cpu_milli', COUNT_MAX),
      memoryMiB: wholeIn(row, 'memory_mib', COUNT_MAX),
    },
  }));
  if (!nodes.some(({ shape }) => shape.cards > 0)) throw new OpenbError('none of its nodes has a card.');
  return nodes.sort(byName).map(({ shape }) => shape);
}

/** Reads an openb list of pods, in the order of their names. Throws {@link OpenbError}. */
export function readOpenbPods(csv: string): OpenbPod[] {
  const specs = new Map<string, SliceSpec>();
  const pods = rowsOf(csv, ['name', 'cpu_milli', 'memory_mib', 'num_gpu', 'gpu_milli']).map((row) => {
    const cards = wholeIn(row, 'num_gpu', CARDS_MAX);
    const milli = wholeIn(row, 'gpu_milli', 1_000);
    if (cards > 0 && milli === 0) throw new OpenbError(`line ${row.line}: gpu_milli is 0 of ${cards} cards.`);
    const spec: SliceSpec = {
      cpuMilli: wholeIn(row, 'cpu_milli', COUNT_MAX),
      memoryMiB: wholeIn(row, 'memory_mib', COUNT_MAX),
      cards,
      cardMilli: cards > 0 ? milli : 0,
      models: cards > 0 ? row.text('gpu_spec').split('|').filter(Boolean).sort() : [],
    };
    const key = JSON.stringify(spec);
    const known = specs.get(key) ?? spec;
    specs.set(key, known);
    return { name: row.text('name'), spec: known };
  });
  if (!pods.some(({ spec }) => spec.cards > 0)) throw new OpenbError('none of its pods asks for a card.');
  return pods.sort(byName);
}
