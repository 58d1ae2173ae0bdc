import { getTranslations } from '#lib/i18n/server.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { PoolStatus } from '#lib/engine/status-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Count, Duration } from '../format/quantity-text.tsx';
import { Alert } from '../ui/alert.tsx';
import { Badge } from '../ui/badge.tsx';
import { DefinitionList } from '../ui/definition-list.tsx';
import { Panel } from '../ui/panel.tsx';

const SECOND_MS = 1_000;
/** A proof this much behind is the engine's ordinary step, not a lag. */
const PROOF_LAG_SECONDS = 5;

async function ProofAge({ until, now }: { until: Instant | null; now: Instant }) {
  const t = await getTranslations('ops');
  if (until === null) return <>{t('home.never')}</>;
  const seconds = Math.max(0, Math.floor((now - until) / SECOND_MS));
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-2">
      <InstantText at={until} hasSeconds />
      {seconds > PROOF_LAG_SECONDS ? (
        <span className="text-warn">
          {t('home.provenLag')} <Duration seconds={seconds} />
        </span>
      ) : (
        <span className="text-xs text-ink-3">{t('home.provenNow')}</span>
      )}
    </span>
  );
}

async function Standing({ isLed, troubledSince }: Pick<PoolStatus, 'isLed' | 'troubledSince'>) {
  const t = await getTranslations('ops');
  if (!isLed) return <Badge tone="danger">{t('home.notLed')}</Badge>;
  if (troubledSince !== null) return <Badge tone="danger">{t('home.troubled')}</Badge>;
  return <Badge tone="ok">{t('home.led')}</Badge>;
}

/** That a pool does not move on, since when, and what to do; nothing while it does. */
export async function TroubleAlert({ troubledSince, name }: Pick<PoolStatus, 'troubledSince'> & { name: string }) {
  const t = await getTranslations('ops');
  if (troubledSince === null) return null;
  return (
    <Alert
      kind="danger"
      title={
        <>
          {name} · {t('home.troubledTitle')} <InstantText at={troubledSince} hasSeconds />
        </>
      }
    >
      <p className="mt-1">{t('home.troubledText')}</p>
    </Alert>
  );
}

/** Who leads a pool, what waits for a decision, and up to when its cards are proven. */
export async function EnginePanel({ status, name, now }: { status: PoolStatus; name: string; now: Instant }) {
  const t = await getTranslations('ops');
  const { isLed, troubledSince, epoch, decisions, pendingCommands, lastDecidedAt, provenUntil } = status;
  return (
    <Panel title={`${t('home.engine')} · ${name}`} actions={<Standing isLed={isLed} troubledSince={troubledSince} />}>
      <DefinitionList
        items={[
          { term: t('home.epoch'), value: epoch === null ? t('home.never') : <Count count={epoch} /> },
          { term: t('home.decisions'), value: <Count count={decisions} /> },
          {
            term: t('home.pending'),
            value: (
              <span className={pendingCommands > 0 ? 'text-warn' : undefined}>
                <Count count={pendingCommands} />
              </span>
            ),
          },
          {
            term: t('home.lastDecided'),
            value: lastDecidedAt === null ? t('home.never') : <InstantText at={lastDecidedAt} hasSeconds />,
          },
          { term: t('home.proven'), value: <ProofAge until={provenUntil} now={now} /> },
        ]}
      />
    </Panel>
  );
}
