import { CalendarX2 } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { type Query, queryChoice } from '#app/_edge/paging.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { FormDone } from '#components/form/form-done.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { targetOf } from '#components/ops/place-text.ts';
import { TouchedTable } from '#components/ops/touched-table.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { CARD_ACTS, type CardAct, judgeAct, LIFECYCLE_IS, ruleOf } from '#lib/inventory/lifecycle.ts';
import { previewAct } from '#lib/inventory/service.ts';
import type { ActPreview, ActTarget } from '#lib/inventory/view-types.ts';
import { CONFIRM_ABOVE_CARDS } from '#lib/reservations/acting-on-cards.ts';
import { actAction } from './actions.ts';
import { TargetLine } from './target-line.tsx';

const REASON_LENGTH_MAX = 200;
const BLOCKS = ['held', 'notWorking', 'notHealthy', 'wrongState'] as const;

export async function generateMetadata({ searchParams }: { searchParams: Promise<Query> }): Promise<Metadata> {
  const act = queryChoice(await searchParams, 'do', CARD_ACTS);
  return { title: act ? (await getTranslations('lifecycle'))(`names.${act}`) : '' };
}

/** What stands in the way of an act, or what it leaves as it is. */
async function Verdicts({ preview: { verdicts } }: { preview: ActPreview }) {
  const t = await getTranslations('lifecycle');
  const block = judgeAct(verdicts).ok ? undefined : BLOCKS.find((verdict) => verdicts[verdict] > 0);
  if (block) return <Alert kind="warn">{t(`blocked.${block}`, { count: verdicts[block] })}</Alert>;
  return (
    <>
      {verdicts.done > 0 && <Alert>{t('already', { count: verdicts.done })}</Alert>}
      {verdicts.wrongState > 0 && <Alert>{t('others', { count: verdicts.wrongState })}</Alert>}
    </>
  );
}

async function ConfirmForm({ act, target, preview }: { act: CardAct; target: ActTarget; preview: ActPreview }) {
  const t = await getTranslations('lifecycle');
  const { cards } = preview;
  const name = t(`names.${act}`);
  return (
    <Panel>
      <ActionForm action={actAction.bind(null, act, target)} initial={freshForm()} className="grid max-w-xl gap-4">
        <p className="text-sm text-ink-2">{t(`what.${act}`)}</p>
        <Verdicts preview={preview} />
        {ruleOf(act).hasReason && (
          <TextField name="reason" label={t('reason')} hint={t('reasonHint')} maxLength={REASON_LENGTH_MAX} />
        )}
        {cards > CONFIRM_ABOVE_CARDS && (
          <TextField
            name="count"
            label={t('count')}
            hint={t('countHint', { cards })}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
        <FormDone>{t('done')}</FormDone>
        <SubmitButton variant={LIFECYCLE_IS[ruleOf(act).to].open ? 'primary' : 'danger'} className="justify-self-start">
          {t('submit', { act: name, cards })}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

/** Says what an act on cards touches before anybody confirms it. */
export default async function ActPage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams;
  const act = queryChoice(query, 'do', CARD_ACTS);
  const ctx = await staffPage(act ? ruleOf(act).permission : 'inventory:cordon');
  const target = targetOf([query['target'] ?? []].flat());
  const preview = act && target ? await previewAct(ctx, act, target) : null;
  if (!act || !target || !preview) notFound();
  const t = await getTranslations('lifecycle');
  return (
    <ClientMessages namespaces={['ops', 'lifecycle']}>
      <PageHeader
        title={t('title', { act: t(`names.${act}`), cards: preview.cards })}
        breadcrumbs={<TargetLine ctx={ctx} target={target} />}
      />
      <div className="grid gap-6">
        {!LIFECYCLE_IS[ruleOf(act).to].open && (
          <Panel title={t('touched')} isFlush>
            {preview.touched.length > 0 ? (
              <TouchedTable touched={preview.touched} />
            ) : (
              <EmptyState Icon={CalendarX2} title={t('touchedNone')} text={t('touchedNoneText')} />
            )}
          </Panel>
        )}
        <ConfirmForm act={act} target={target} preview={preview} />
      </div>
    </ClientMessages>
  );
}
