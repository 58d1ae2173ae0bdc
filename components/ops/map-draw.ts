import { type Condition, CONDITIONS } from '#lib/inventory/condition.ts';
import { conditionIn } from '#lib/inventory/card-map.ts';
import { GLYPHS, MAP_TOKENS, type MapColour } from './glyph.ts';
import type { MapLayout, ServerBox } from './map-layout.ts';

export type Palette = Readonly<Record<MapColour, string>> & { readonly text: string; readonly font: string };

/** The page's colours as the canvas takes them: tokens resolved by the browser in the look that holds now. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span');
  host.append(probe);
  const resolve = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(Object.entries(MAP_TOKENS).map(([name, token]) => [name, resolve(token)]));
  const palette = { ...colours, text: resolve('--ink-3'), font: getComputedStyle(host).fontFamily };
  probe.remove();
  return palette as Palette;
}

/** Which cards stand out; the others are dimmed. Null: all of them. */
export type Emphasis = ((card: number, condition: Condition) => boolean) | null;

/** Cards by the glyph they get: one list a condition, and one of those that are dimmed. */
function batches(cells: Uint8Array, emphasis: Emphasis): { byCondition: Map<Condition, number[]>; dimmed: number[] } {
  const byCondition = new Map<Condition, number[]>(CONDITIONS.map((condition) => [condition, []]));
  const dimmed: number[] = [];
  cells.forEach((cell, card) => {
    const condition = conditionIn(cell);
    if (emphasis && !emphasis(card, condition)) dimmed.push(card);
    else byCondition.get(condition)?.push(card);
  });
  return { byCondition, dimmed };
}

/** Draws all cards, batched by colour: a colour is set once for all rectangles that have it. */
export function drawCards(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  cells: Uint8Array,
  palette: Palette,
  emphasis: Emphasis,
): void {
  const { xs, ys, cell, width, height } = layout;
  context.clearRect(0, 0, width, height);
  drawLabels(context, layout, palette);
  const { byCondition, dimmed } = batches(cells, emphasis);
  const edge = (eighth: number): number => Math.round((eighth * cell) / 8);
  const fill = (cards: readonly number[], part: { x: number; y: number; w: number; h: number; colour: MapColour }) => {
    const [left, top] = [edge(part.x), edge(part.y)];
    const [w, h] = [Math.max(1, edge(part.x + part.w) - left), Math.max(1, edge(part.y + part.h) - top)];
    context.fillStyle = palette[part.colour];
    for (const card of cards) context.fillRect((xs[card] ?? 0) + left, (ys[card] ?? 0) + top, w, h);
  };
  fill(dimmed, { x: 3, y: 3, w: 2, h: 2, colour: 'free' });
  for (const [condition, cards] of byCondition) {
    if (cards.length > 0) for (const part of GLYPHS[condition]) fill(cards, part);
  }
}

function drawLabels(context: CanvasRenderingContext2D, { pods }: MapLayout, palette: Palette): void {
  context.fillStyle = palette.text;
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'top';
  for (const { label, y } of pods) context.fillText(label, 0, y);
}

/** Draws the frame of the card that is looked at, and of its server. */
export function drawRing(
  context: CanvasRenderingContext2D,
  layout: MapLayout,
  palette: Palette,
  card: number | null,
  box: ServerBox | null,
): void {
  context.clearRect(0, 0, layout.width, layout.height);
  if (card === null || !box) return;
  context.strokeStyle = palette.ring;
  context.lineWidth = 1;
  context.strokeRect(box.x - 1.5, box.y - 1.5, box.width + 3, box.height + 3);
  context.lineWidth = 2;
  context.strokeRect((layout.xs[card] ?? 0) - 1, (layout.ys[card] ?? 0) - 1, layout.cell + 2, layout.cell + 2);
}
