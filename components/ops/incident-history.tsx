import { getTranslations } from '#lib/i18n/server.ts';
import type { IncidentEvent } from '#lib/inventory/incident-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { FaultName } from './badges.tsx';

/** What happened to a fault case, oldest first: what its devices showed, who did what, what was remarked. */
export async function IncidentHistory({ events }: { events: readonly IncidentEvent[] }) {
  const [t, o] = [await getTranslations('faults'), await getTranslations('ops')];
  return (
    <ol className="grid gap-3">
      {events.map(({ id, at, actor, kind, fault, text }) => (
        <li
          key={id}
          className="grid gap-x-4 gap-y-0.5 border-l-2 border-line-strong pl-3 text-sm sm:grid-cols-[10rem_1fr]"
        >
          <span className="text-ink-2">
            <InstantText at={at} hasSeconds />
          </span>
          <span className="min-w-0">
            <span className="font-medium">{t(`event.${kind}`)}</span>
            {fault !== null && (
              <span className="ml-1.5">
                <FaultName fault={{ kind: fault, xid: null }} />
              </span>
            )}
            <span className="ml-1.5 text-ink-2">{actor === 'system:engine' ? o('home.engine') : actor}</span>
            {text !== null && <p className="break-words">{text}</p>}
          </span>
        </li>
      ))}
    </ol>
  );
}
