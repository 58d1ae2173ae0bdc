import type { MapServer } from '#lib/inventory/card-map.ts';

/** Cards of a server stand in rows of four, servers of a supernode in two columns, supernodes of a pod side by side. */
const SERVER_COLUMNS = 4;
const SUPERNODE_COLUMNS = 2;
const SERVER_GAP = 2;
/** At least; what is left of the width goes into these gaps. */
const SUPERNODE_GAP = 8;
const SUPERNODE_GAP_MAX = 18;
const POD_GAP = 14;
/** For the frame around what is looked at. */
const MARGIN = 3;
/** For the names of the pods. */
export const GUTTER = 34;
const PITCH_MIN = 7;
const PITCH_MAX = 14;

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type ServerBox = Box & { readonly server: MapServer };

/** Where everything is drawn, in CSS pixels. Card `i` stands at `xs[i]`, `ys[i]` and is `cell` wide and high. */
export type MapLayout = {
  readonly width: number;
  readonly height: number;
  readonly pitch: number;
  readonly cell: number;
  readonly xs: Uint16Array;
  readonly ys: Uint16Array;
  readonly servers: readonly ServerBox[];
  readonly pods: readonly { readonly label: string; readonly y: number; readonly firstCard: number }[];
};

type Group = { readonly pod: string; readonly supernodes: readonly (readonly MapServer[])[] };

function groupsOf(servers: readonly MapServer[]): Group[] {
  return [...Map.groupBy(servers, ({ pod }) => pod)].map(([pod, members]) => ({
    pod,
    supernodes: [...Map.groupBy(members, ({ supernode }) => supernode).values()],
  }));
}

const rowsOf = (cards: number): number => Math.ceil(cards / SERVER_COLUMNS);
const podName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The widest pitch at which the largest pod fits into one row, within bounds: smaller ones wrap. */
function pitchFor(groups: readonly Group[], width: number): number {
  const most = Math.max(1, ...groups.map(({ supernodes }) => supernodes.length));
  const gaps = most * SERVER_GAP + (most - 1) * SUPERNODE_GAP;
  const pitch = Math.floor((width - MARGIN - GUTTER - gaps) / (most * SUPERNODE_COLUMNS * SERVER_COLUMNS));
  return Math.min(PITCH_MAX, Math.max(PITCH_MIN, pitch));
}

/** The gap between supernodes that fills a row to the end. */
function gapFor(width: number, supernodeWidth: number, perRow: number): number {
  if (perRow < 2) return SUPERNODE_GAP;
  const rest = width - MARGIN - GUTTER - perRow * supernodeWidth;
  return Math.min(SUPERNODE_GAP_MAX, Math.max(SUPERNODE_GAP, Math.floor(rest / (perRow - 1))));
}

/** Lays a pool's servers out in a width. The order of the servers is kept, so the map reads as the inventory does. */
export function layoutMap(servers: readonly MapServer[], width: number): MapLayout {
  const groups = groupsOf(servers);
  const pitch = pitchFor(groups, width);
  const total = servers.reduce((most, { firstCard, cards }) => Math.max(most, firstCard + cards), 0);
  const [xs, ys] = [new Uint16Array(total), new Uint16Array(total)];
  const boxes: ServerBox[] = [];
  const serverWidth = SERVER_COLUMNS * pitch;
  const supernodeWidth = SUPERNODE_COLUMNS * serverWidth + SERVER_GAP;
  const perRow = Math.max(1, Math.floor((width - MARGIN - GUTTER + SUPERNODE_GAP) / (supernodeWidth + SUPERNODE_GAP)));
  const gap = gapFor(width, supernodeWidth, perRow);
  const pods: { label: string; y: number; firstCard: number }[] = [];
  let top = MARGIN;
  for (const { pod, supernodes } of groups) {
    pods.push({ label: podName(pod), y: top, firstCard: supernodes[0]?.[0]?.firstCard ?? 0 });
    for (let row = 0; row < supernodes.length; row += perRow) {
      const inRow = supernodes.slice(row, row + perRow);
      let height = 0;
      inRow.forEach((members, column) => {
        const left = GUTTER + column * (supernodeWidth + gap);
        height = Math.max(height, place(members, left, top));
      });
      top += height + SUPERNODE_GAP;
    }
    top += POD_GAP - SUPERNODE_GAP;
  }
  return { width, height: Math.max(0, top - POD_GAP + MARGIN), pitch, cell: pitch - 1, xs, ys, servers: boxes, pods };

  /** Places the servers of a supernode from a corner; answers their height. */
  function place(members: readonly MapServer[], left: number, from: number): number {
    const rowHeight = Math.max(...members.map(({ cards }) => rowsOf(cards))) * pitch;
    members.forEach((server, i) => {
      const x = left + (i % SUPERNODE_COLUMNS) * (serverWidth + SERVER_GAP);
      const y = from + Math.floor(i / SUPERNODE_COLUMNS) * (rowHeight + SERVER_GAP);
      boxes.push({ x, y, width: serverWidth - 1, height: rowsOf(server.cards) * pitch - 1, server });
      for (let slot = 0; slot < server.cards; slot += 1) {
        xs[server.firstCard + slot] = x + (slot % SERVER_COLUMNS) * pitch;
        ys[server.firstCard + slot] = y + Math.floor(slot / SERVER_COLUMNS) * pitch;
      }
    });
    const rows = Math.ceil(members.length / SUPERNODE_COLUMNS);
    return rows * rowHeight + (rows - 1) * SERVER_GAP;
  }
}

/** The server of a card; null when there is none. */
export function serverAt(layout: MapLayout, card: number): ServerBox | null {
  return (
    layout.servers.find(({ server }) => card >= server.firstCard && card < server.firstCard + server.cards) ?? null
  );
}

/** The card at a point; null between cards. */
export function cardAt(layout: MapLayout, x: number, y: number): number | null {
  const { pitch, xs, ys } = layout;
  const box = layout.servers.find((b) => x >= b.x && x < b.x + b.width + 1 && y >= b.y && y < b.y + b.height + 1);
  if (!box) return null;
  for (let slot = 0; slot < box.server.cards; slot += 1) {
    const card = box.server.firstCard + slot;
    const [left = 0, top = 0] = [xs[card], ys[card]];
    if (x >= left && x < left + pitch && y >= top && y < top + pitch) return card;
  }
  return null;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest card in a direction, over gaps between servers; the card itself at the edge. */
export function neighbour(layout: MapLayout, card: number, direction: Direction): number {
  const { xs, ys, pitch } = layout;
  const [x0 = 0, y0 = 0] = [xs[card], ys[card]];
  let [best, bestCost] = [card, Infinity];
  for (let i = 0; i < xs.length; i += 1) {
    const [dx, dy] = [(xs[i] ?? 0) - x0, (ys[i] ?? 0) - y0];
    const isSide = direction === 'left' || direction === 'right';
    const along = isSide ? (direction === 'right' ? dx : -dx) : direction === 'down' ? dy : -dy;
    const across = Math.abs(isSide ? dy : dx);
    if (along <= 0 || across >= pitch) continue;
    const cost = along + across;
    if (cost < bestCost) [best, bestCost] = [i, cost];
  }
  return best;
}

/** The first card of the pod before or after a card's own; its own first or last card at the end. */
export function podStep(layout: MapLayout, card: number, step: 1 | -1): number {
  const starts = layout.pods.map(({ firstCard }) => firstCard);
  const here = starts.findLastIndex((start) => start <= card);
  return starts[Math.min(starts.length - 1, Math.max(0, here + step))] ?? card;
}
