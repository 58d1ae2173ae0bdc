import { type Attempt, DriverError } from '../types.ts';
import { busText, cellText, dateText, mapTold, mebibytesText, toldOr, wattsText } from './format.ts';
import { sampleCard, selectCards, type Session, type ToolCard } from './session.ts';

const WIDTH = 86;
const RULE = `+${'-'.repeat(WIDTH)}+\n`;

/** `-L`: a line per card. */
export async function listText(session: Session, ids: string | undefined): Promise<string> {
  const cards = await selectCards(session, ids);
  return cards.map(titleText).join('');
}

/** `PPU 0: PPU-ZW810E (UUID: GPU-…)`, as `-L` and the link reports name a card. */
export function titleText({ uuid, info }: ToolCard): string {
  if (!info.ok) throw new DriverError(info.code, 'title', uuid);
  return `PPU ${info.value.index}: ${info.value.model} (UUID: ${uuid})\n`;
}

/** What the tool prints when it is asked for nothing. */
export async function summaryText(session: Session, ids: string | undefined): Promise<string> {
  const cards = await selectCards(session, ids);
  const { driver, library } = await session.driver.system();
  const rows = await Promise.all(cards.map((card) => cardRows(session, card)));
  const processes = (await Promise.all(cards.map((card) => processRows(session, card)))).flat();
  const none = processes.length === 0 ? [boxed('  No running processes found')] : processes;
  return [
    `${dateText(session.host.now())}\n`,
    RULE,
    boxed(`${` PPU-SMI ${library}`.padEnd(38)} Driver Version: ${driver}`),
    RULE,
    boxed(' PPU  Name             Bus-Id            Temp  Pwr:Usage/Cap    Memory-Usage  Util'),
    RULE,
    ...rows,
    RULE,
    boxed(' PPU      PID  Process name                                      PPU Memory'),
    RULE,
    ...none,
    RULE,
  ].join('');
}

function boxed(text: string): string {
  return `|${text.slice(0, WIDTH).padEnd(WIDTH)}|\n`;
}

async function cardRows(session: Session, card: ToolCard): Promise<string> {
  const sample = await sampleCard(session, card);
  const short = (told: Attempt<string>): string => (told.ok ? told.value : cellText(told, null, false).slice(0, 6));
  const name = card.info.ok ? card.info.value.model : '';
  const total = card.info.ok ? toldOr(mebibytesText(card.info.value.memoryBytes)) : card.info;
  const used = short(mapTold(sample.memUsedBytes, mebibytesText));
  const cells = [
    (card.info.ok ? String(card.info.value.index) : '-').padStart(4),
    ` ${name}`.padEnd(14),
    busText(card.pciBusId).padEnd(17),
    `${short(mapTold(sample.tempC, String))}C`.padStart(5),
    `${wholeWatts(sample.powerMw)}/${wholeWatts(sample.powerLimitMw)}W`.padStart(11),
    `${used}/${short(total)}MiB`.padStart(16),
    `${short(mapTold(sample.utilPct, String))}%`.padStart(5),
  ];
  return boxed(cells.join(' '));
}

function wholeWatts(told: Attempt<number>): string {
  return told.ok ? (wattsText(told.value).split('.')[0] ?? '') : 'N/A';
}

async function processRows({ driver }: Session, { uuid, info }: ToolCard): Promise<string[]> {
  if (!info.ok) return [];
  const processes = await driver.processes({ uuid });
  return processes.map(({ pid, name, usedBytes }) => {
    const used = cellText(mapTold(usedBytes, mebibytesText), 'MiB', false).replace(' ', '');
    const who = (name ?? 'N/A').slice(0, 48).padEnd(48);
    return boxed(`${String(info.value.index).padStart(4)} ${String(pid).padStart(8)}  ${who} ${used.padStart(11)}`);
  });
}
