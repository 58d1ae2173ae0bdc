import { type Instant, toIso } from '#lib/core/instant.ts';
import { formatInstant } from '../format/instant.ts';

/** A demo clock's time; on a phone without the year, in the tightest bars without the date. */
export function ClockText({ at, isTight = false }: { at: Instant; isTight?: boolean }) {
  const text = formatInstant(at);
  return (
    <time dateTime={toIso(at)} className="num whitespace-nowrap">
      <span className="max-md:hidden">{text.slice(0, 5)}</span>
      <span className={isTight ? 'max-sm:hidden' : undefined}>{text.slice(5, 11)}</span>
      {text.slice(11)}
    </time>
  );
}
