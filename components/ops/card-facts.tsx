import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { CardView } from '#lib/inventory/view-types.ts';
import { modelName } from '../catalog/model-name.ts';
import { formatInstant } from '../format/instant.ts';
import { DateText, InstantText } from '../format/instant-text.tsx';
import { Badge } from '../ui/badge.tsx';
import { DefinitionList } from '../ui/definition-list.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Panel } from '../ui/panel.tsx';
import { HEALTH_TONES, LifecycleBadge } from './badges.tsx';
import { HolderText } from './holder-text.tsx';
import { ReadingText } from './reading-text.tsx';

/** Under which names a card is known. */
export async function CardIdentity({ card }: { card: CardView }) {
  const t = await getTranslations('ops');
  return (
    <Panel title={t('card.identity')}>
      <DefinitionList
        items={[
          { term: t('card.uuid'), value: <code className="text-xs break-all">{card.uuid}</code> },
          { term: t('card.serial'), value: card.serial },
          { term: t('server.model'), value: modelName(await requestLocale(), card.modelName) },
          { term: t('card.pci'), value: <code className="text-xs">{card.pciBusId}</code> },
          { term: t('card.numa'), value: card.numaNode },
          { term: t('card.ordinal'), value: card.ordinal },
          { term: t('card.inService'), value: <DateText at={card.inServiceAt} /> },
        ]}
      />
    </Panel>
  );
}

/** The three states of a card, and who has it. */
export async function CardStatesPanel({ card }: { card: CardView }) {
  const t = await getTranslations('ops');
  const { health, probationUntil, commercial, holder } = card;
  const end = holder?.endAt ?? null;
  return (
    <Panel title={t('card.states')}>
      <DefinitionList
        items={[
          { term: t('card.health'), value: <Badge tone={HEALTH_TONES[health]}>{t(`health.${health}`)}</Badge> },
          ...(probationUntil === null
            ? []
            : [{ term: t('card.probationUntil'), value: <InstantText at={probationUntil} hasSeconds /> }]),
          { term: t('card.lifecycle'), value: <LifecycleBadge card={card} /> },
          {
            term: t('card.commercial'),
            value: t(`commercial.${commercial}`),
          },
          { term: t('server.holder'), value: <HolderText holder={holder} /> },
          ...(holder === null
            ? []
            : [
                { term: t('card.from'), value: <InstantText at={holder.startAt} hasSeconds /> },
                { term: t('card.to'), value: end === null ? t('until.open') : <InstantText at={end} hasSeconds /> },
              ]),
        ]}
      />
    </Panel>
  );
}

/** What a card in use told last. */
export async function CardReadings({ card }: { card: CardView }) {
  const t = await getTranslations('ops');
  const { reading } = card;
  if (reading === null)
    return (
      <Panel title={t('card.readings')}>
        <EmptyState title={t('card.readingsNone')} text={t('card.readingsNoneText')} />
      </Panel>
    );
  return (
    <Panel
      title={t('card.readings')}
      description={t('card.sampledAt', { at: formatInstant(reading.sampledAt, 'seconds') })}
    >
      <DefinitionList
        items={(['utilisation', 'power', 'temperature', 'memory'] as const).map((field) => ({
          term: t(`server.${field}`),
          value: <ReadingText reading={reading} field={field} />,
        }))}
      />
    </Panel>
  );
}
