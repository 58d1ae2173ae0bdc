import { type Units, units } from '#lib/core/money.ts';
import { MOVED_KINDS, type ReportControl, type ReportLine, type ReportSection, STANDING_KINDS } from './types.ts';

const KINDS = [...(Object.keys(MOVED_KINDS) as (keyof typeof MOVED_KINDS)[]), ...STANDING_KINDS];

/** The sum of a report's lines by kind beside the ledger's own; a kind that neither has is left out. */
export function controlsOf(lines: readonly ReportLine[], ledger: ReadonlyMap<string, Units>): ReportControl[] {
  return KINDS.map((kind) => {
    const sum = lines.filter((line) => line.kind === kind).reduce((total, line) => total + line.amountUnits, 0n);
    return { kind, reportUnits: units(sum), ledgerUnits: ledger.get(kind) ?? units(0n) };
  }).filter(({ reportUnits, ledgerUnits }) => reportUnits !== 0n || ledgerUnits !== 0n);
}

/** What a section comes to. */
export function sectionSum(lines: readonly ReportLine[], section: ReportSection): Units {
  return units(lines.filter((line) => line.section === section).reduce((total, line) => total + line.amountUnits, 0n));
}
