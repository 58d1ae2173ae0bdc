import { cardsStepOf } from '#lib/core/topology.ts';
import type { Metadata } from 'next';
import Form from 'next/form';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { Field } from '#components/form/field.tsx';
import { RefusalAlert } from '#components/form/form-error.tsx';
import { refusalText } from '#components/form/refusal-text.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { findReservationPage, listReservationCards } from '#lib/reservations/detail.ts';
import { previewShrink } from '#lib/reservations/preview-changes.ts';
import { ShrinkPanel } from './shrink-panel.tsx';

/** Cards offered to tick: more are chosen by the system, or named through the API. */
const TICKED_MAX = 512;
const IDS = { control: 'cards', hint: 'cards-hint', error: 'cards-error' };

type Props = { params: Promise<{ orgSlug: string; id: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('changes'))('shrink.title') };
}

export default async function ShrinkPage({ params, searchParams }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'reservation:change');
  const found = await findReservationPage(ctx, id);
  if (!found) notFound();
  const { reservation, counts } = found;
  const t = await getTranslations('changes');
  const words = await getTranslations('reservations');
  const sku = (await listSkus(ctx)).find((each) => each.id === reservation.skuId);
  const step = sku ? cardsStepOf(reservation.topology, sku.shape, reservation.gang) : 1;
  const typed = queryText(await searchParams, 'cards') || `${step}`;
  const cards = /^[1-9]\d{0,4}$/.test(typed) ? Number.parseInt(typed, 10) : 0;
  const preview = await previewShrink(ctx, { reservationId: id, cards });
  const base = `/console/${orgSlug}/reservations/${id}`;
  const held =
    counts.held > 0 && counts.held <= TICKED_MAX
      ? await listReservationCards(ctx, { reservationId: id }, { skip: 0, take: counts.held })
      : [];
  const crumbs = [
    { label: words('title'), href: `/console/${orgSlug}/reservations` },
    { label: reservation.name, href: base },
  ];
  return (
    <ClientMessages>
      <PageHeader
        title={t('shrink.title')}
        description={t('shrink.lead')}
        breadcrumbs={<Breadcrumbs label={words('title')} crumbs={crumbs} />}
        badge={<LiveRefresh topics={[`reservation:${id}`]} at={ctx.now} />}
      />
      <div className="grid max-w-2xl gap-5">
        <Panel>
          <Form action={`${base}/shrink`} className="flex flex-wrap items-end gap-3">
            <Field ids={IDS} label={t('shrink.cards')} className="w-40">
              <Input
                key={typed}
                id={IDS.control}
                name="cards"
                inputMode="numeric"
                defaultValue={typed}
                autoComplete="off"
              />
            </Field>
            <Button type="submit" className="h-9">
              {t('shrink.show')}
            </Button>
          </Form>
          <p className="mt-3 text-xs text-ink-3">
            {step > 1 && `${t('shrink.whole', { count: step })} `}
            {t('shrink.all')}
          </p>
        </Panel>
        {preview.ok ? (
          <ShrinkPanel orgSlug={orgSlug} reservationId={id} preview={preview.value} held={held} />
        ) : (
          <RefusalAlert refusal={refusalText(await requestLocale(), preview.refusal)} />
        )}
      </div>
    </ClientMessages>
  );
}
