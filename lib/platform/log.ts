import 'server-only';
import { environment } from './environment.ts';

const RANKS = { silent: 0, error: 1, info: 2, debug: 3 } as const;

type Fields = Readonly<Record<string, string | number | bigint | boolean | null | undefined>>;

function write(level: 'error' | 'info' | 'debug', message: string, fields: Fields): void {
  if (RANKS[environment().logLevel] < RANKS[level]) return;
  const line = { level, message, ...fields };
  process.stderr.write(
    `${JSON.stringify(line, (_, value) => (typeof value === 'bigint' ? value.toString() : value))}\n`,
  );
}

/** One JSON line per event on stderr. Fields are plain values; secrets and personal data never go in. */
export const log = {
  error: (message: string, fields: Fields = {}): void => write('error', message, fields),
  info: (message: string, fields: Fields = {}): void => write('info', message, fields),
  debug: (message: string, fields: Fields = {}): void => write('debug', message, fields),
};

/** The text of an unknown error, with its causes, for a log line. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A driver's error has the details of its own message as its cause, which is no error.
  return error.cause instanceof Error ? `${error.message} (because: ${errorText(error.cause)})` : error.message;
}
