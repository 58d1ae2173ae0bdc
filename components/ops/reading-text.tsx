import { getTranslations } from '#lib/i18n/server.ts';
import type { ReadingView } from '#lib/inventory/view-types.ts';

export type ReadingField = 'utilisation' | 'power' | 'temperature' | 'memory';

const MILLIWATTS = 1_000;
const GIB = 1_073_741_824;
const tenths = (value: number): string => `${Math.round(value * 10) / 10}`;

/** One reading with its unit. What was not read is a dash, never zero. */
export async function ReadingText({ reading, field }: { reading: ReadingView | null; field: ReadingField }) {
  const t = await getTranslations('ops');
  const { utilPct = null, powerMw = null, tempC = null, memUsedBytes = null, memUsableBytes = null } = reading ?? {};
  const texts: Record<ReadingField, string | null> = {
    utilisation: utilPct === null ? null : t('unit.percent', { value: Math.round(utilPct) }),
    power: powerMw === null ? null : t('unit.watts', { value: Math.round(powerMw / MILLIWATTS) }),
    temperature: tempC === null ? null : t('unit.celsius', { value: Math.round(tempC) }),
    memory:
      memUsedBytes === null || memUsableBytes === null
        ? null
        : t('unit.gib', { used: tenths(memUsedBytes / GIB), usable: tenths(memUsableBytes / GIB) }),
  };
  const text = texts[field];
  if (text !== null) return <span className="num whitespace-nowrap">{text}</span>;
  return (
    <span className="text-ink-3">
      <span aria-hidden>–</span>
      <span className="sr-only">{t('unit.unread')}</span>
    </span>
  );
}
