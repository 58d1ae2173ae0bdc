import { type Attempt, DriverError } from '../types.ts';
import { type Options, UsageError } from './arguments.ts';
import { busText, dateText } from './format.ts';
import { identityLines, type ReportFacts, type ReportLine, SECTIONS, type SectionName } from './report-sections.ts';
import { sampleCard, selectCards, type Session, type ToolCard } from './session.ts';

const LABEL_WIDTH = 42;
const INDENT = 4;

/** The report of `-q`, of all sections or those that `-d` names. */
export async function reportText(session: Session, options: Options): Promise<string> {
  const sections = sectionsOf(options.get('-d'));
  const cards = await selectCards(session, options.get('-i'));
  const { driver, library, runtime } = await session.driver.system();
  const head: ReportLine[] = [
    ['Timestamp', dateText(session.host.now())],
    ['Driver Version', driver],
    ['HGML Version', library],
    ['HGGC Version', runtime ?? 'N/A'],
  ];
  const facts = await Promise.all(cards.map((card) => readFacts(session, card)));
  const blocks = facts.map((card) => {
    const own = sections === null ? identityLines(card) : [];
    const chosen = (sections ?? ALL_SECTIONS).flatMap((name) => SECTIONS[name](card));
    return `PPU ${busText(card.card.pciBusId)}\n${linesText([...own, ...chosen], 1)}`;
  });
  const attached = linesText([['Attached PPUs', String(cards.length)]], 0);
  return `\n==============PPU-SMI LOG==============\n\n${linesText(head, 0)}\n${attached}${blocks.join('\n')}\n`;
}

const ALL_SECTIONS = Object.keys(SECTIONS) as SectionName[];

function sectionsOf(asked: string | undefined): SectionName[] | null {
  if (asked === undefined) return null;
  return asked.split(',').map((name) => {
    const found = ALL_SECTIONS.find((known) => known === name.trim().toUpperCase());
    if (!found) throw new UsageError(`"${name}" is not a valid section to display.`);
    return found;
  });
}

async function readFacts(session: Session, card: ToolCard): Promise<ReportFacts> {
  const { driver } = session;
  const ref = { uuid: card.uuid };
  const [sample, recovery, fabric, processes] = await Promise.all([
    sampleCard(session, card),
    driver.recoveryAction(ref),
    driver.fabric(ref),
    attempt(driver.processes(ref)),
  ]);
  return { card, sample, recovery, fabric, processes };
}

async function attempt<T>(call: Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    if (error instanceof DriverError) return { ok: false, code: error.code };
    throw error;
  }
}

function linesText(lines: readonly ReportLine[], depth: number): string {
  const indent = ' '.repeat(depth * INDENT);
  return lines
    .map(([label, value]) =>
      typeof value === 'string'
        ? `${(indent + label).padEnd(LABEL_WIDTH)}: ${value}\n`
        : `${indent}${label}\n${linesText(value, depth + 1)}`,
    )
    .join('');
}
