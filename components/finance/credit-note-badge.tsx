import { Badge, type Tone } from '#components/ui/badge.tsx';
import type { CreditNoteState } from '#lib/billing/credit-notes/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const TONES = { proposed: 'waiting', issued: 'ok', declined: 'neutral' } as const satisfies Record<
  CreditNoteState,
  Tone
>;

/** Where a credit note stands. */
export async function CreditNoteBadge({ state }: { state: CreditNoteState }) {
  const t = await getTranslations('corrections');
  return <Badge tone={TONES[state]}>{t(`credit.state.${state}`)}</Badge>;
}
