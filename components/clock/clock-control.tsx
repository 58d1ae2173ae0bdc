'use client';

import { CalendarCheck2, CirclePause, Clock, FastForward, Gauge, SlidersHorizontal } from 'lucide-react';
import Link from 'next/link';
import { startTransition, useActionState, useEffect } from 'react';
import { useTranslations } from 'use-intl/react';
import type { Instant } from '#lib/core/instant.ts';
import type { ClockView } from '#lib/engine/clock-move.ts';
import type { FormAction, FormState } from '../form/form-state.ts';
import { formatInstant } from '../format/instant.ts';
import { buttonClass } from '../ui/button.tsx';
import { cn } from '../ui/cn.ts';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx';
import { useToast } from '../ui/toast.tsx';
import { HOUR_MOVES, moveTo, RATE_MOVES, STOP_MOVE } from './clock-moves.ts';
import { ClockText } from './clock-text.tsx';
import { useClock } from './use-clock.ts';

/** The acts of the menu. */
function ClockMoves({ cutoffAt, ask }: { cutoffAt: Instant; ask: (move: string) => void }) {
  const t = useTranslations('clock');
  return (
    <>
      {HOUR_MOVES.map(({ key, move }) => (
        <MenuItem key={move} onClick={() => ask(move)}>
          <FastForward aria-hidden />
          {t(`byLabel.${key}`)}
        </MenuItem>
      ))}
      <MenuItem onClick={() => ask(moveTo(cutoffAt))}>
        <CalendarCheck2 aria-hidden />
        <span>
          {t('cutoff')}
          <span className="num block text-xs text-ink-3">{formatInstant(cutoffAt)}</span>
        </span>
      </MenuItem>
      <MenuSeparator />
      {RATE_MOVES.map(({ key, move }) => (
        <MenuItem key={move} onClick={() => ask(move)}>
          <Gauge aria-hidden />
          {t(`rates.${key}`)}
        </MenuItem>
      ))}
      <MenuItem onClick={() => ask(STOP_MOVE)}>
        <CirclePause aria-hidden />
        {t('stop')}
      </MenuItem>
    </>
  );
}

/** Business time in the staff's bar, and the acts that move it. Says whether the engine has caught up. */
export function ClockControl({
  initial,
  cutoffAt,
  action,
  form,
  pageHref,
}: {
  initial: ClockView;
  /** The next month's closing day. */
  cutoffAt: Instant;
  action: FormAction;
  form: FormState;
  /** The clock's own page, for whom it is open. */
  pageHref: string | null;
}) {
  const t = useTranslations('clock');
  const [state, dispatch, isPending] = useActionState(action, form);
  const clock = useClock(initial);
  const { add } = useToast();
  useEffect(() => {
    if (state.status === 'refused') add({ title: state.refusal.what, description: state.refusal.todo });
  }, [state, add]);
  if (clock.mode === 'real') return null;
  const ask = (move: string) => {
    const data = new FormData();
    data.set('move', move);
    data.set('idempotencyKey', state.key);
    startTransition(() => dispatch(data));
  };
  const isBehind = !clock.isCaughtUp || isPending;
  const standing = clock.ratePerSecond > 0 ? t('paceOf', { rate: clock.ratePerSecond }) : t('paceStill');
  const word = isBehind ? t('behind') : standing;
  return (
    <Menu
      trigger={
        <button type="button" className={cn(buttonClass({ variant: 'ghost' }), 'px-2')}>
          <Clock aria-hidden className={isBehind ? 'text-warn' : 'text-accent-ink'} />
          <span className="sr-only">{t('label')}</span>
          <ClockText at={clock.now} />
          <span className={cn('text-xs max-lg:hidden', isBehind ? 'text-warn' : 'text-ink-3')}>{word}</span>
        </button>
      }
    >
      <MenuLabel>
        {isBehind ? t('behindUntil', { at: formatInstant(clock.targetAt) }) : `${t('label')} · ${standing}`}
      </MenuLabel>
      <ClockMoves cutoffAt={cutoffAt} ask={ask} />
      {pageHref !== null && (
        <>
          <MenuSeparator />
          <MenuItem render={<Link href={pageHref} />}>
            <SlidersHorizontal aria-hidden />
            {t('more')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
