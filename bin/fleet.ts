// Runs a simulated fleet alone, far faster than real time, and proves its rates.
// npm run fleet -- [--cards 10000 --days 30 --seed 7 --model zw810e --rates llama3|assumed|none --layer FILE] [--json]
import { readFile } from 'node:fs/promises';
import { type FaultLayer, LayerError, parseLayer } from '#lib/devices/fault-layer.ts';
import { costOf, tableOf } from '#lib/devices/fleet-run/report.ts';
import { runFleet } from '#lib/devices/fleet-run/run.ts';
import { parseTerms, TermsError } from '#lib/devices/fleet-run/terms.ts';

async function readLayer(file: string): Promise<FaultLayer> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new TermsError(`${file} cannot be read.`);
  });
  return parseLayer(parseJson(file, text));
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TermsError(`${file} is no JSON.`);
  }
}

const PROGRESS_LINES = 10;
const startedMs = performance.now();
const seconds = (): number => (performance.now() - startedMs) / 1_000;
const tenths = (value: number): number => Math.round(value * 10) / 10;

try {
  const terms = parseTerms(process.argv.slice(2));
  const layer = terms.layerFile === null ? {} : await readLayer(terms.layerFile);
  const daysPerLine = Math.ceil(terms.days / PROGRESS_LINES);
  const findings = await runFleet(terms, layer, (daysDone) => {
    if (daysDone % daysPerLine === 0) console.error(`[${tenths(seconds())} s] ${daysDone} of ${terms.days} days`);
  });
  const cost = costOf(terms.days, seconds(), process.resourceUsage().maxRSS / 1_024);
  console.log(terms.isJson ? JSON.stringify({ ...findings, ...cost }) : tableOf(findings, cost));
} catch (error) {
  if (!(error instanceof TermsError || error instanceof LayerError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
