import 'server-only';
import { Clock } from 'lucide-react';
import { ClockControl } from '#components/clock/clock-control.tsx';
import { ClockText } from '#components/clock/clock-text.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { readClockFor } from '#lib/engine/clock-control.ts';
import { nextCutoffAt } from '#lib/engine/clock-move.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { environment } from '#lib/platform/environment.ts';
import { moveClockAction } from './clock-actions.ts';
import { freshForm } from './fresh-form.ts';

/** Business time in a console's bar, where it is a demo clock: to move for staff, to read for customers. */
export async function ClockSlot({ ctx }: { ctx: Ctx }) {
  if (!environment().hasDemoClock) return null;
  const clock = await readClockFor(ctx);
  if (clock.mode === 'real') return null;
  if (isPermitted(ctx.actor, 'clock:move'))
    return (
      <ClientMessages namespaces={['clock']}>
        <ClockControl
          initial={clock}
          cutoffAt={nextCutoffAt(clock.now)}
          action={moveClockAction}
          form={freshForm()}
          pageHref={isPermitted(ctx.actor, 'inventory:read') ? '/ops/clock' : null}
        />
      </ClientMessages>
    );
  const t = await getTranslations('clock');
  return (
    <span className="flex h-8 items-center gap-2 px-2 text-sm text-ink-2">
      <Clock aria-hidden className="size-4 text-accent-ink" />
      <span className="sr-only">{t('label')}</span>
      <ClockText at={clock.now} isTight />
    </span>
  );
}
