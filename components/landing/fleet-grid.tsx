const SIDE = 25;
const CELL = 16;
const SIZE = SIDE * CELL;

/** Where the lit card is: the server, and the card's place in it. */
const LIT = { serverX: 17, serverY: 5, column: 1, row: 2 };

const PLACES = [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((column) => ({ row, column })));

/** The 16 cards of one server, in a square of the given side. */
function Server({ side, isLit }: { side: number; isLit: boolean }) {
  const [inset, step, card] = [side * 0.15, side * 0.186, side * 0.142];
  return (
    <>
      <rect width={side} height={side} rx={side * 0.12} className="fill-hover" />
      {PLACES.map(({ row, column }) => (
        <rect
          key={`${row}-${column}`}
          x={inset + column * step}
          y={inset + row * step}
          width={card}
          height={card}
          rx={card * 0.16}
          className={isLit && row === LIT.row && column === LIT.column ? 'fill-accent' : 'fill-line-strong'}
        />
      ))}
    </>
  );
}

/**
 * The fleet drawn to scale: 625 servers with the 16 cards that each holds, and one server under a lens with one card
 * lit. A drawing, not live data.
 */
export function FleetGrid({ legend }: { legend: string }) {
  const [x, y, lens] = [LIT.serverX * CELL, LIT.serverY * CELL, 128];
  const lensAt = { x: 2 * CELL, y: SIZE - lens - 2 * CELL };
  return (
    <figure>
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-label={legend} className="w-full">
        <defs>
          <pattern id="servers" width={CELL} height={CELL} patternUnits="userSpaceOnUse">
            <g transform="translate(0.75 0.75)">
              <Server side={CELL - 1.5} isLit={false} />
            </g>
          </pattern>
        </defs>
        <rect width={SIZE} height={SIZE} fill="url(#servers)" />
        <path
          d={`M${x} ${y}L${lensAt.x} ${lensAt.y}M${x + CELL} ${y + CELL}L${lensAt.x + lens} ${lensAt.y + lens}`}
          className="stroke-accent"
          strokeWidth="0.6"
          strokeDasharray="2 2"
        />
        <g transform={`translate(${x} ${y})`}>
          <rect width={CELL} height={CELL} rx="2.4" className="fill-surface stroke-accent" strokeWidth="1.1" />
          <g transform="translate(1.5 1.5)">
            <Server side={CELL - 3} isLit />
          </g>
        </g>
        <g transform={`translate(${lensAt.x} ${lensAt.y})`}>
          <rect width={lens} height={lens} rx="12" className="fill-surface stroke-accent" strokeWidth="1.1" />
          <g transform="translate(7 7)">
            <Server side={lens - 14} isLit />
          </g>
        </g>
      </svg>
      <figcaption className="mt-3 text-xs text-ink-3">{legend}</figcaption>
    </figure>
  );
}
