import { Badge, type Tone } from '#components/ui/badge.tsx';
import type { FapiaoKind, FapiaoState } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const TONES = {
  requested: 'waiting',
  confirmed: 'active',
  issuing: 'active',
  issued: 'ok',
  refused: 'danger',
  withdrawn: 'neutral',
} as const satisfies Record<FapiaoState, Tone>;

/** Where a fapiao is on its way. */
export async function FapiaoBadge({ state }: { state: FapiaoState }) {
  const t = await getTranslations('fapiao');
  return <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>;
}

/** Whether it bills or takes back; the colour is in the word. */
export async function KindText({ kind }: { kind: FapiaoKind }) {
  const t = await getTranslations('fapiao');
  return <span className={kind === 'red' ? 'text-danger' : undefined}>{t(`kind.${kind}`)}</span>;
}
