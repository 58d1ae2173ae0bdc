import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { Field } from '#components/form/field.tsx';
import { formatFactor } from '#components/format/factor.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { poolName } from '#components/ops/place-text.ts';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { parseDecimal } from '#lib/core/money.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { listPools } from '#lib/inventory/service.ts';
import { SPARE_BPS_MAX } from '#lib/reservations/spare-choice.ts';
import { listSpares, previewSpares } from '#lib/reservations/spare-share.ts';
import { PreviewPanel } from './preview-panel.tsx';

const SHARE = { control: 'spare-share', hint: 'spare-share-hint', error: 'spare-share-error' };

type Props = { params: Promise<{ poolId: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('maintenance'))('spares.title') };
}

/** A percentage as typed, with or without its sign, in basis points; null when it is none within the bounds. */
function bpsOf(text: string): number | null {
  const bps = parseDecimal(text.trim().replace(/\s*[%％]$/, ''), 2);
  return bps !== null && bps <= BigInt(SPARE_BPS_MAX) ? Number(bps) : null;
}

/** Sets the share of a pool that is kept from sale, after showing what it does. */
export default async function SparesPage({ params, searchParams }: Props) {
  const ctx = await staffPage('maintenance:plan');
  const { poolId } = await params;
  const pool = (await listSpares(ctx)).find((each) => each.poolId === poolId);
  if (!pool) notFound();
  const [t, o, locale] = [await getTranslations('maintenance'), await getTranslations('ops'), await requestLocale()];
  const place = (await listPools(ctx)).find(({ id }) => id === poolId);
  const typed = queryText(await searchParams, 'share');
  const shareBps = typed === '' ? pool.shareBps : bpsOf(typed);
  const preview = shareBps === null ? null : await previewSpares(ctx, { poolId, shareBps });
  const shown = typed === '' ? formatFactor(pool.shareBps).replace('%', '') : typed.slice(0, 16);
  return (
    <ClientMessages namespaces={['ops', 'maintenance', 'lifecycle']}>
      <PageHeader
        title={t('spares.title')}
        description={place ? poolName(o, locale, place) : poolId}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: '/ops/maintenance' }]} />}
      />
      <div className="grid gap-6">
        <Panel title={t('spares.choose')} description={t('spares.chooseText')}>
          <form action={`/ops/maintenance/spares/${poolId}`} className="flex flex-wrap items-end gap-2">
            <Field ids={SHARE} label={t('spares.shareInPercent')}>
              <Input
                id="spare-share"
                name="share"
                inputMode="decimal"
                autoComplete="off"
                key={shown}
                defaultValue={shown}
                aria-describedby="spare-share-hint"
                className="num w-28"
              />
            </Field>
            <Button type="submit" className="h-9">
              {t('spares.show')}
            </Button>
          </form>
          <p id="spare-share-hint" className="mt-1 text-xs text-ink-2">
            {t('spares.bounds', { most: formatFactor(SPARE_BPS_MAX) })}
          </p>
        </Panel>
        {preview ? (
          <PreviewPanel preview={preview} />
        ) : (
          <Alert kind="warn">{t('spares.noShare', { most: formatFactor(SPARE_BPS_MAX) })}</Alert>
        )}
      </div>
    </ClientMessages>
  );
}
