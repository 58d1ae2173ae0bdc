import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { ExplanationAlert } from '#components/explain/explanation-alert.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { BlockersTable } from '#components/ops/blockers-table.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { explain } from '#lib/reservations/explain.ts';
import type { Explanation, Sooner } from '#lib/reservations/explanation.ts';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('explain'))('ops.title') };
}

async function soonerText(sooner: Sooner): Promise<string> {
  const [t, ops] = [await getTranslations('explain'), await getTranslations('ops')];
  const shown = (): string => {
    if (sooner.change === 'looserTopology') return ops(`reservations.topology.${sooner.value}`);
    return sooner.change === 'shorter' ? `${Math.floor(sooner.value / 3_600)}` : `${sooner.value}`;
  };
  return `${t(`ops.change.${sooner.change}`, { value: shown() })} · ${t('ops.at', { at: formatInstant(sooner.startAt) })}`;
}

/** The reason as data: what to look for in logs, and what the plan suggested. */
async function Numbers({ explanation }: { explanation: Explanation }) {
  const t = await getTranslations('explain');
  const { token, needed, earliestStartAt, sooner } = explanation;
  const texts = await Promise.all(sooner.map(soonerText));
  return (
    <Panel title={t('ops.why')}>
      <DefinitionList
        items={[
          { term: t('ops.token'), value: <code>{token}</code> },
          { term: t('ops.needed'), value: needed },
          { term: t('ops.earliest'), value: earliestStartAt === null ? t('ops.none') : formatInstant(earliestStartAt) },
          {
            term: t('ops.sooner'),
            value:
              texts.length === 0 ? (
                t('ops.none')
              ) : (
                <ul>
                  {texts.map((text) => (
                    <li key={text}>{text}</li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    </Panel>
  );
}

/** Why a reservation waits or a request was refused, for staff: with what stands in the way by name. */
export default async function WhyPage({ params }: Props) {
  const { id } = await params;
  const ctx = await staffPage('inventory:read');
  const found = await explain(ctx, id);
  if (!found) notFound();
  const [t, locale] = [await getTranslations('explain'), await requestLocale()];
  const { explanation, blockers, status } = found;
  return (
    <ClientMessages namespaces={['ops']}>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs label={t('ops.crumbs')} crumbs={[{ label: t('ops.crumbs'), href: '/ops/reservations' }]} />
        }
        title={t('ops.title')}
        description={<code className="text-xs">{id}</code>}
        actions={
          <LiveRefresh
            topics={id.startsWith('rsv_') ? [`reservation:${id}`, 'clock-stepped'] : ['clock-stepped']}
            at={ctx.now}
          />
        }
      />
      {explanation === null ? (
        <Alert kind="ok" title={t('ops.fine')}>
          <p className="text-ink-2">{t('ops.fineText')}</p>
        </Alert>
      ) : (
        <div className="grid gap-5">
          <ExplanationAlert
            locale={locale}
            kind={status === 'refused' ? 'warn' : 'info'}
            explanation={explanation}
            blockers={[]}
          />
          <Numbers explanation={explanation} />
          <Panel title={t('ops.blockers')} description={t('ops.blockersNote')} isFlush>
            <BlockersTable blockers={blockers} />
          </Panel>
        </div>
      )}
    </ClientMessages>
  );
}
