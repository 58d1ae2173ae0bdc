import { freshForm } from '#app/_edge/fresh-form.ts';
import { Formula } from '#components/booking/formula.tsx';
import { WalletLines } from '#components/booking/wallet-lines.tsx';
import { reasonText } from '#components/explain/explanation-text.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { RefusalAlert } from '#components/form/form-error.tsx';
import { refusalText } from '#components/form/refusal-text.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatCardHours } from '#components/format/card-hours.ts';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { PricedWish } from '#lib/catalog/service.ts';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { quoteAction } from './actions.ts';
import { type BookingState, chosenRoom, effectOf, lengthOf, whyNoRoom } from './booking-state.ts';
import { alternativesOf, likelyAlternatives } from './ways-on.ts';

/** Whether the chosen start looks possible; where it does not, why, and what does. */
async function RoomLine({ state }: { state: BookingState }) {
  const t = await getTranslations('booking');
  const room = chosenRoom(state);
  if (!room) return null;
  const why = whyNoRoom(state);
  const text = t(room.isPossible ? 'summary.roomYes' : 'summary.roomNo', { cards: room.freeCards });
  const links = why ? await likelyAlternatives(state.orgSlug, why, state) : [];
  return (
    <div className="grid gap-1 text-sm">
      <p>
        <Badge tone={room.isPossible ? 'ok' : 'warn'}>{text}</Badge>
      </p>
      {why && <p className="text-ink-2">{reasonText(await requestLocale(), why).what}</p>}
      {links.length > 0 && (
        <p className="flex flex-wrap gap-x-4 gap-y-1">
          {links.map(({ label, href }) => (
            <TextLink key={href} href={href} replace scroll={false} prefetch={false}>
              {label}
            </TextLink>
          ))}
        </p>
      )}
    </div>
  );
}

/** From when to when. */
async function TimeLine({ state }: { state: BookingState }) {
  const t = await getTranslations('booking');
  const { wish } = state;
  const startAt = wish.startAt === null ? null : instant(wish.startAt);
  const seconds = lengthOf(state.sku, wish);
  const end = startAt === null || seconds === null ? null : plusSeconds(startAt, seconds);
  return (
    <p className="num text-sm text-ink-2">
      {startAt === null ? t('calendar.now') : formatInstant(startAt)}
      {end !== null && ` – ${formatInstant(end)}`}
    </p>
  );
}

/** The form that asks for the quote of exactly what is shown. */
async function QuoteForm({ state, priced }: { state: BookingState; priced: PricedWish }) {
  const [t, sla] = [await getTranslations('booking'), await getTranslations('sla')];
  const { skuId, cards, topology, gang, startAt, durationSeconds, term, imageId } = state.wish;
  const [segmentCards, preferred] = [gang?.segmentCards ?? null, gang?.preferred ?? null];
  const { project } = state.query;
  const fields = { skuId, cards, topology, segmentCards, preferred, startAt, durationSeconds, term, imageId, project };
  return (
    <ActionForm action={quoteAction.bind(null, state.orgSlug)} initial={freshForm()} className="grid gap-2">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value === null ? '' : `${value}`} />
      ))}
      <SubmitButton size="lg" className="w-full">
        {t('summary.quote', { amount: formatUnits(priced.totalUnits) })}
      </SubmitButton>
      <p className="text-xs text-ink-2">{t('summary.quoteNote')}</p>
      <p className="text-xs text-ink-2">
        {sla('short')} <TextLink href="/sla">{sla('details')}</TextLink>
      </p>
    </ActionForm>
  );
}

async function Priced({ state, priced }: { state: BookingState; priced: PricedWish }) {
  const t = await getTranslations('booking');
  const effect = effectOf(state.wallet, priced, state.vouchersUnits, state.now);
  const seconds = priced.lines.reduce((sum, line) => sum + line.seconds, 0);
  const isOpen = priced.term === null && priced.durationSeconds === null;
  const isDearest = priced.term === null && priced.startAt === null && priced.price.bands.length > 0;
  return (
    <div className="grid gap-4">
      <div>
        <p className="text-xs text-ink-2">{t(isOpen ? 'summary.totalOpen' : 'summary.total')}</p>
        <p className="num text-2xl font-semibold">{formatUnits(priced.totalUnits)}</p>
        <p className="num text-sm text-ink-2">
          {t('summary.cardHours', {
            cards: priced.cards,
            cardHours: formatCardHours(BigInt(seconds) * BigInt(priced.cards)),
          })}
        </p>
        <TimeLine state={state} />
      </div>
      <Formula {...priced} />
      {isDearest && <p className="text-xs text-ink-2">{t('summary.nowNote')}</p>}
      <div className="border-t border-line pt-3">
        <WalletLines
          spendableUnits={state.wallet.spendableUnits}
          payment={{ totalUnits: priced.totalUnits, vouchersUnits: state.vouchersUnits }}
          effect={effect}
        />
      </div>
      <RoomLine state={state} />
      {effect.shortUnits > 0n && (
        <Alert kind="info">
          {t('summary.shortfall', { amount: formatUnits(effect.shortUnits) })}{' '}
          <TextLink href={`/console/${state.orgSlug}/wallet`}>{t('summary.topUp')}</TextLink>
        </Alert>
      )}
      <QuoteForm state={state} priced={priced} />
    </div>
  );
}

/** What the wish costs and does to the wallet, or why it has no price and what would do. */
export async function SummaryPanel({ state }: { state: BookingState }) {
  const t = await getTranslations('booking');
  const { priced, orgSlug, query } = state;
  return (
    <Panel id="price" title={t('summary.title')} className="lg:sticky lg:top-20">
      {priced.ok ? (
        <Priced state={state} priced={priced.value} />
      ) : (
        <RefusalAlert
          refusal={refusalText(await requestLocale(), priced.refusal)}
          alternatives={await alternativesOf(orgSlug, priced.refusal, query)}
        />
      )}
    </Panel>
  );
}

/** On a phone, where the price stands below everything: the total in sight, and the way to it. */
export async function TotalBar({ state }: { state: BookingState }) {
  const t = await getTranslations('booking');
  if (!state.priced.ok) return null;
  return (
    <a
      href="#price"
      className="sticky top-14 z-20 -mx-4 -mb-3 flex items-center justify-between gap-4 border-b border-line bg-canvas px-4 py-2 sm:-mx-6 sm:px-6 lg:hidden"
    >
      <span className="text-sm text-ink-2">{t('summary.toPrice')}</span>
      <span className="num text-lg font-semibold">{formatUnits(state.priced.value.totalUnits)}</span>
    </a>
  );
}
