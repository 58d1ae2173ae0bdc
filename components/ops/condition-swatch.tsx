import type { Condition } from '#lib/inventory/condition.ts';
import { cn } from '../ui/cn.ts';
import { GLYPHS, type MapColour } from './glyph.ts';

const FILL: Readonly<Record<MapColour, string>> = {
  free: 'fill-line-strong',
  use: 'fill-accent',
  soon: 'fill-accent-ink',
  out: 'fill-warn',
  fault: 'fill-danger-fill',
  faultMark: 'fill-on-danger',
  unknown: 'fill-ink-3',
  ring: 'fill-ink',
};

/** A condition as the map draws it. */
export function ConditionSwatch({ condition, className }: { condition: Condition; className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 8 8" shapeRendering="crispEdges" className={cn('size-3 shrink-0', className)}>
      {GLYPHS[condition].map(({ colour, x, y, w, h }) => (
        <rect key={`${x}-${y}-${w}-${h}`} x={x} y={y} width={w} height={h} className={FILL[colour]} />
      ))}
    </svg>
  );
}
