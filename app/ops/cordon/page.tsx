import { CalendarX2 } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { FormDone } from '#components/form/form-done.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { cordonHref } from '#components/ops/place-text.ts';

import { TouchedTable } from '#components/ops/touched-table.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { previewCordon } from '#lib/inventory/service.ts';
import type { CordonPreview, CordonTarget } from '#lib/inventory/view-types.ts';
import { CONFIRM_ABOVE_CARDS } from '#lib/reservations/cordoning.ts';
import { cordonAction, uncordonAction } from './actions.ts';
import { TargetLine } from './target-line.tsx';

const CARDS_MAX = 64;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ops'))('inventory.cordon') };
}

/** What an address aims at: a place, or the cards that were chosen. */
function targetOf(ids: readonly string[]): CordonTarget | null {
  const [first] = ids;
  if (first === undefined || ids.length > CARDS_MAX) return null;
  if (ids.every((id) => id.startsWith('crd_'))) return { kind: 'cards', ids };
  return ids.length === 1 ? { kind: 'place', id: first } : null;
}

async function ConfirmForm({
  target,
  preview,
  isBack,
}: {
  target: CordonTarget;
  preview: CordonPreview;
  isBack: boolean;
}) {
  const t = await getTranslations('ops');
  const { cards, alreadyCordoned } = preview;
  const action = isBack ? uncordonAction : cordonAction;
  return (
    <Panel>
      <ActionForm action={action.bind(null, target)} initial={freshForm()} className="grid max-w-xl gap-4">
        <p className="text-sm text-ink-2">{isBack ? t('cordon.whatBack') : t('cordon.what')}</p>
        {alreadyCordoned > 0 && <Alert>{t('cordon.already', { count: alreadyCordoned })}</Alert>}
        {!isBack && (
          <TextField name="reason" label={t('cordon.reason')} hint={t('cordon.reasonHint')} maxLength={200} />
        )}
        {cards > CONFIRM_ABOVE_CARDS && (
          <TextField
            name="count"
            label={t('cordon.count')}
            hint={t('cordon.countHint', { cards })}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
        <FormDone>{isBack ? t('cordon.doneBack') : t('cordon.done')}</FormDone>
        <SubmitButton variant={isBack ? 'primary' : 'danger'} className="justify-self-start">
          {isBack ? t('cordon.submitBack', { cards }) : t('cordon.submit', { cards })}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

/** Says what a cordon touches before anybody confirms it. */
export default async function CordonPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('inventory:cordon');
  const query = await searchParams;
  const ids = [query['target'] ?? []].flat();
  const target = targetOf(ids);
  const preview = target ? await previewCordon(ctx, target) : null;
  if (!target || !preview) notFound();
  const t = await getTranslations('ops');
  const isBack = queryText(query, 'do') === 'uncordon';
  const { cards, alreadyCordoned, touched } = preview;
  const [only = ''] = ids;
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        title={isBack ? t('cordon.titleBack', { cards }) : t('cordon.title', { cards })}
        breadcrumbs={<TargetLine ctx={ctx} target={target} />}
        actions={
          alreadyCordoned > 0 && !isBack && ids.length === 1 ? (
            <TextLink href={cordonHref(only, false)}>{t('inventory.uncordon')}</TextLink>
          ) : undefined
        }
      />
      <div className="grid gap-6">
        {!isBack && (
          <Panel title={t('cordon.touched')} isFlush>
            {touched.length > 0 ? (
              <TouchedTable touched={touched} />
            ) : (
              <EmptyState Icon={CalendarX2} title={t('cordon.touchedNone')} text={t('cordon.touchedNoneText')} />
            )}
          </Panel>
        )}
        <ConfirmForm target={target} preview={preview} isBack={isBack} />
      </div>
    </ClientMessages>
  );
}
