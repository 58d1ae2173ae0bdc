import { cardsMaxOf, cardsStepOf, type LevelSizes, TOPOLOGIES, type Topology } from '#lib/core/topology.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { Choices } from './choice.tsx';

/** How close together the cards lie, each choice with what it asks of their number in a pool of these sizes. */
export async function TopologyChoices({ chosen, shape }: { chosen: Topology; shape: LevelSizes }) {
  const t = await getTranslations('booking');
  const hintOf = (topology: Topology): string => {
    const step = cardsStepOf(topology, shape);
    if (step > 1) return t('what.topologyHint.whole', { cards: step });
    const most = cardsMaxOf(topology, shape);
    return most === null ? t('what.topologyHint.any') : t('what.topologyHint.bounded', { cards: most });
  };
  return (
    <Choices
      name="topology"
      label={t('what.topology')}
      chosen={chosen}
      className="grid-cols-2 xl:grid-cols-5"
      choices={TOPOLOGIES.map((value) => ({ value, label: t(`what.topologies.${value}`), hint: hintOf(value) }))}
    />
  );
}
