import { Search } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { TargetLine } from '#app/ops/act/target-line.tsx';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { maintenanceHref, shortPath, targetOf } from '#components/ops/place-text.ts';
import { SearchForm } from '#components/ops/search-form.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { search } from '#lib/inventory/service.ts';
import type { ActTarget } from '#lib/inventory/view-types.ts';
import { planDrainAction } from '../actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('maintenance'))('plan') };
}

/** What a search found, each a way to go on. */
async function Hits({ ctx, text }: { ctx: Ctx; text: string }) {
  const [t, o] = [await getTranslations('maintenance'), await getTranslations('ops')];
  const hits = await search(ctx, text);
  return (
    <Panel title={t('choose.hits')}>
      {hits.length === 0 && (
        <EmptyState Icon={Search} title={t('choose.noHits', { text })} text={t('choose.noHitsText')} />
      )}
      <ul className="grid gap-1.5 text-sm">
        {hits.map((hit) => (
          <li key={hit.id}>
            <TextLink href={maintenanceHref(hit.id)} prefetch={false} className="num">
              {hit.kind === 'card' ? o('place.slot', { path: shortPath(hit.path), slot: hit.slot }) : hit.path}
            </TextLink>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

async function Choose({ ctx, text }: { ctx: Ctx; text: string }) {
  const t = await getTranslations('maintenance');
  return (
    <>
      <PageHeader
        title={t('choose.title')}
        description={t('choose.text')}
        actions={
          <Link href="/ops/inventory" className={buttonClass()}>
            {t('choose.browse')}
          </Link>
        }
      />
      <SearchForm action="/ops/maintenance/new" label={t('choose.label')} submit={t('choose.search')} text={text} />
      {text !== '' && <Hits ctx={ctx} text={text} />}
    </>
  );
}

async function When({ ctx, target }: { ctx: Ctx; target: ActTarget }) {
  const t = await getTranslations('maintenance');
  return (
    <>
      <PageHeader title={t('plan')} breadcrumbs={<TargetLine ctx={ctx} target={target} />} />
      <Panel title={t('form.title')} description={t('form.text')}>
        <ActionForm action={planDrainAction.bind(null, target)} initial={freshForm()} className="grid max-w-md gap-4">
          <TextField
            name="start"
            label={t('form.start')}
            hint={t('form.startHint')}
            isOptional
            autoComplete="off"
            maxLength={16}
          />
          <TextField
            name="hours"
            label={t('form.hours')}
            hint={t('form.hoursHint')}
            isOptional
            inputMode="numeric"
            autoComplete="off"
            maxLength={3}
          />
          <SubmitButton className="justify-self-start">{t('form.submit')}</SubmitButton>
        </ActionForm>
      </Panel>
    </>
  );
}

/** First where, then when; the effect comes on a page of its own. */
export default async function NewMaintenancePage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('maintenance:plan');
  const query = await searchParams;
  const target = targetOf([query['target'] ?? []].flat());
  return (
    <ClientMessages namespaces={['ops', 'maintenance']}>
      {target ? <When ctx={ctx} target={target} /> : <Choose ctx={ctx} text={queryText(query, 'q').trim()} />}
    </ClientMessages>
  );
}
