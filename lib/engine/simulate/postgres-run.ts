import 'server-only';
import type { Outcome } from './run.ts';
import type { Script } from './steps.ts';

export async function onPostgres(): Promise<{
  readonly run: (script: Script, seed: number) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}> {
  throw new Error('being written');
}
