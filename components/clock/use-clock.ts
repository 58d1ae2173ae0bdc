'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { ClockView } from '#lib/engine/clock-move.ts';

/** How often the clock is looked at: while it moves, and while it stands, because a colleague may move it. */
const MOVING_MS = 1_000;
const STANDING_MS = 10_000;

const isMoving = (clock: ClockView): boolean => clock.mode === 'demo' && (!clock.isCaughtUp || clock.ratePerSecond > 0);

/** Follows the demo clock. When the engine has caught up with a move, the page is rendered again: all of it has changed. */
export function useClock(initial: ClockView): ClockView {
  const router = useRouter();
  const [clock, setClock] = useState(initial);
  const shown = useRef(initial);
  shown.current = clock;
  useEffect(() => setClock(initial), [initial]);
  const pauseMs = isMoving(clock) ? MOVING_MS : STANDING_MS;
  useEffect(() => {
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      const answer = await fetch('/api/clock').catch(() => null);
      if (!answer?.ok) return;
      const next: ClockView = await answer.json();
      const hasArrived = !isMoving(next) && next.now !== initial.now;
      setClock(next);
      if (hasArrived) router.refresh();
    };
    const timer = setInterval(() => void look(), pauseMs);
    return () => clearInterval(timer);
  }, [pauseMs, router, initial.now]);
  return clock;
}
