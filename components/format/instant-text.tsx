import { type Instant, toIso } from '#lib/core/instant.ts';
import { formatDate, formatInstant } from './instant.ts';

/** An instant in Beijing time. `hasSeconds` where seconds matter: evidence, ledger, logs. */
export function InstantText({ at, hasSeconds = false }: { at: Instant; hasSeconds?: boolean }) {
  return (
    <time dateTime={toIso(at)} className="num whitespace-nowrap">
      {formatInstant(at, hasSeconds ? 'seconds' : 'minutes')}
    </time>
  );
}

/** The day of an instant in Beijing. */
export function DateText({ at }: { at: Instant }) {
  return (
    <time dateTime={toIso(at)} className="num whitespace-nowrap">
      {formatDate(at)}
    </time>
  );
}
