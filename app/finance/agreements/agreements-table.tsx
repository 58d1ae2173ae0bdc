import { freshForm } from '#app/_edge/fresh-form.ts';
import { exampleText, periodTexts, pricingText, skuText } from '#components/agreements/agreement-text.ts';
import { formatInstant } from '#components/format/instant.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { standingOf } from '#lib/catalog/agreement-rules.ts';
import type { AgreementStanding, PriceAgreement } from '#lib/catalog/agreement-types.ts';
import type { NamedAgreement } from '#lib/catalog/agreements.ts';
import { listSkus } from '#lib/catalog/service.ts';
import type { Sku } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { DecideButtons } from '../approvals/decide-buttons.tsx';
import { decideAgreementAction, endAgreementAction } from './actions.ts';
import { EndDialog } from './end-dialog.tsx';

const TONES = {
  proposed: 'waiting',
  declined: 'neutral',
  ahead: 'active',
  inForce: 'ok',
  over: 'neutral',
} as const satisfies Record<AgreementStanding, Tone>;

type Texts = Awaited<ReturnType<typeof getTranslations<'agreements'>>>;

/** Who did what with it, one line each. */
function peopleTexts(t: Texts, { agreement, people }: NamedAgreement): string[] {
  const nameOf = (actor: string): string => people.get(actor) ?? actor;
  const { proposedBy, proposedAt, decidedBy, decidedAt, endedBy, endedAt } = agreement;
  const line = (key: 'proposedBy' | 'decidedBy' | 'endedBy', by: string | null, at: typeof decidedAt): string[] =>
    by === null || at === null ? [] : [t(key, { name: nameOf(by), at: formatInstant(at) })];
  return [
    ...line('proposedBy', proposedBy, proposedAt),
    ...line('decidedBy', decidedBy, decidedAt),
    ...line('endedBy', endedBy, endedAt),
  ];
}

/** What the viewer may do: decide what waits, end what holds or will. */
function Acts({ ctx, row, t }: { ctx: Ctx; row: NamedAgreement; t: Texts }) {
  const { agreement, organisationName: name } = row;
  const standing = standingOf(agreement, ctx.now);
  if (standing === 'proposed' && isPermitted(ctx.actor, 'priceAgreement:decide')) {
    const approve = { label: t('approve'), title: t('approveTitle', { name }), text: t('approveText') };
    return (
      <DecideButtons
        ctx={ctx}
        id={agreement.id}
        proposedBy={agreement.proposedBy}
        action={decideAgreementAction}
        approve={approve}
      />
    );
  }
  if ((standing === 'inForce' || standing === 'ahead') && isPermitted(ctx.actor, 'priceAgreement:end'))
    return <EndDialog id={agreement.id} name={name} action={endAgreementAction} initial={freshForm()} />;
  return null;
}

const QUIET = 'block text-xs text-ink-2';

const Quiet = ({ texts }: { texts: readonly string[] }) =>
  texts.map((text) => (
    <span key={text} className={QUIET}>
      {text}
    </span>
  ));

/** What an agreement is for: everything, or a SKU with what its price comes to now. */
function whatTexts(t: Texts, locale: Locale, skus: readonly Sku[], agreement: PriceAgreement): string[] {
  if (agreement.skuId === null) return [t('allSkus')];
  const sku = skus.find(({ id }) => id === agreement.skuId);
  if (!sku) return [agreement.skuId];
  const list = sku.price?.priceE10PerCardHour;
  return [skuText(t, locale, sku), ...(list === undefined ? [] : [exampleText(t, agreement, list)])];
}

function columnsOf(ctx: Ctx, t: Texts, what: (agreement: PriceAgreement) => string[]): Column<NamedAgreement>[] {
  return [
    {
      key: 'organisation',
      header: t('columns.organisation'),
      cell: ({ agreement, organisationName }) => (
        <>
          {organisationName}
          <Quiet texts={[t('contract', { number: agreement.contractNumber }), agreement.reason]} />
        </>
      ),
    },
    {
      key: 'price',
      header: t('columns.price'),
      cell: ({ agreement }) => (
        <>
          <span className="num">{pricingText(t, agreement)}</span>
          <Quiet texts={what(agreement)} />
        </>
      ),
    },
    {
      key: 'period',
      header: t('columns.period'),
      isWideOnly: true,
      cell: ({ agreement }) => <Quiet texts={periodTexts(t, agreement)} />,
    },
    {
      key: 'state',
      header: t('columns.state'),
      cell: ({ agreement }) => {
        const standing = standingOf(agreement, ctx.now);
        return <Badge tone={TONES[standing]}>{t(`standing.${standing}`)}</Badge>;
      },
    },
    {
      key: 'people',
      header: t('columns.people'),
      isWideOnly: true,
      cell: (row) => <Quiet texts={peopleTexts(t, row)} />,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('columns.actions')}</span>,
      align: 'end',
      cell: (row) => <Acts ctx={ctx} row={row} t={t} />,
    },
  ];
}

/** Agreements with what is agreed, how they stand, and what the viewer may do about them. */
export async function AgreementsTable({
  ctx,
  rows,
  empty,
}: {
  ctx: Ctx;
  rows: readonly NamedAgreement[];
  empty: { readonly title: string; readonly text?: string };
}) {
  const [t, locale] = [await getTranslations('agreements'), await requestLocale()];
  const skus = await listSkus(ctx);
  return (
    <DataTable
      label={t('title')}
      columns={columnsOf(ctx, t, (agreement) => whatTexts(t, locale, skus, agreement))}
      rows={rows}
      rowKey={({ agreement }) => agreement.id}
      empty={<EmptyState {...empty} />}
    />
  );
}
