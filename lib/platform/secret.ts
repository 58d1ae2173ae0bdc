import 'server-only';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { environment } from './environment.ts';
import { newSecret } from './random.ts';

/** The secret that signs cookies: the environment's, or one made once and kept in the data directory. */
export async function loadSecret(): Promise<string> {
  const { secret, dataDir } = environment();
  if (secret !== null) return secret;
  const file = path.join(dataDir, 'secret');
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return kept.trim();
  const made = newSecret();
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}
