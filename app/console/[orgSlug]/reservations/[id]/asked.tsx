import Link from 'next/link';
import { queryOf } from '#components/booking/booking-query.ts';
import { ExplanationAlert } from '#components/explain/explanation-alert.tsx';
import { RefusalAlert } from '#components/form/form-error.tsx';
import { refusalText } from '#components/form/refusal-text.ts';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { ReservationBadge } from '#components/reservations/reservation-badge.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { AskedView } from '#lib/reservations/detail.ts';
import { explain } from '#lib/reservations/explain.ts';
import type { ReservationRefusal } from '#lib/reservations/command-types.ts';
import { soonerAlternatives } from '../../book/ways-on.ts';

/** How often a page that waits for a decision looks, should an announcement be lost. */
const LOOK_SECONDS = 2;

/** Why a request was refused, with its numbers and with links that fill the form with what would do instead. */
async function WhyRefused({
  ctx,
  orgSlug,
  id,
  refusal,
}: {
  ctx: Ctx;
  orgSlug: string;
  id: string;
  refusal: ReservationRefusal;
}) {
  const [view, locale] = [await explain(ctx, id), await requestLocale()];
  if (!view?.explanation || !view.wish) return <RefusalAlert refusal={refusalText(locale, refusal)} />;
  const { wish } = view;
  const pool = (await listSkus(ctx)).find((sku) => sku.id === wish.skuId)?.poolId ?? '';
  return (
    <ExplanationAlert
      locale={locale}
      kind="danger"
      explanation={view.explanation}
      blockers={view.blockers}
      alternatives={await soonerAlternatives(ctx, orgSlug, view, queryOf(wish, pool, wish.projectId), refusal)}
    />
  );
}

/** The page of a request that has not become a reservation: it waits for its answer, or was refused and why. */
export async function Asked({ ctx, orgSlug, id, asked }: { ctx: Ctx; orgSlug: string; id: string; asked: AskedView }) {
  const t = await getTranslations('reservations');
  const { refusal, name, cards, submittedAt } = asked;
  return (
    <ClientMessages>
      <PageHeader
        title={name}
        breadcrumbs={
          <Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: `/console/${orgSlug}/reservations` }]} />
        }
        badge={<ReservationBadge state={refusal === null ? 'pending' : 'refused'} />}
        description={t('asked.cards', { cards, at: formatInstant(submittedAt) })}
        actions={
          refusal === null ? (
            <LiveRefresh topics={[`reservation:${id}`]} everySeconds={LOOK_SECONDS} />
          ) : (
            <Link href={`/console/${orgSlug}/book`} className={buttonClass({ variant: 'primary' })}>
              {t('asked.again')}
            </Link>
          )
        }
      />
      {refusal === null ? (
        <Alert kind="info" title={t('asked.pendingTitle')}>
          <p className="text-ink-2">{t('asked.pendingText')}</p>
        </Alert>
      ) : (
        <WhyRefused ctx={ctx} orgSlug={orgSlug} id={id} refusal={refusal} />
      )}
    </ClientMessages>
  );
}
