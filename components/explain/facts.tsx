import type { Alternative } from '../form/form-state.ts';
import { TextLink } from '../ui/text-link.tsx';

/** The numbers behind a reason as a list, and links to what would do instead. */
export function Facts({
  facts,
  alternatives = [],
}: {
  facts: readonly string[];
  alternatives?: readonly Alternative[];
}) {
  return (
    <>
      {facts.length > 0 && (
        <ul className="num mt-2 grid gap-1 border-t border-line pt-2 text-xs text-ink-2">
          {facts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      )}
      {alternatives.length > 0 && (
        <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
          {alternatives.map(({ label, href }) => (
            <TextLink key={href} href={href} prefetch={false}>
              {label}
            </TextLink>
          ))}
        </p>
      )}
    </>
  );
}
