const SIDE = 25;
const CELL = 16;

/** The fleet drawn to scale: 625 servers, and in each the 16 cards that it holds. A drawing, not live data. */
export function FleetGrid({ legend }: { legend: string }) {
  const size = SIDE * CELL;
  return (
    <figure>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={legend} className="w-full">
        <defs>
          <pattern id="server" width={CELL} height={CELL} patternUnits="userSpaceOnUse">
            <rect x="1" y="1" width={CELL - 2} height={CELL - 2} rx="2" className="fill-accent-soft" />
            <path
              d={[0, 1, 2, 3]
                .flatMap((row) =>
                  [0, 1, 2, 3].map((column) => `M${3 + column * 2.75} ${3 + row * 2.75}h1.75v1.75h-1.75z`),
                )
                .join('')}
              className="fill-accent"
            />
          </pattern>
        </defs>
        <rect width={size} height={size} fill="url(#server)" />
      </svg>
      <figcaption className="mt-3 text-xs text-ink-3">{legend}</figcaption>
    </figure>
  );
}
