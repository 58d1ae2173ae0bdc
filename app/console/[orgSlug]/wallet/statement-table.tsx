import { ReceiptText } from 'lucide-react';
import { ExactMoney, tailDigits } from '#components/format/exact-money.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { AskLink } from '#components/origin/ask-link.tsx';
import { consolePaths } from '#components/origin/origin-paths.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { nameSources } from '#lib/billing/sources.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { StatementEntry } from '#lib/ledger/types.ts';

const there = (id: string | null): string[] => (id === null ? [] : [id]);

/** Where an entry came from, as a link where the viewer may go there. */
async function sourcesOf(ctx: TenantCtx, base: string, entries: readonly StatementEntry[]) {
  const t = await getTranslations('wallet');
  const names = await nameSources(ctx, {
    reservationIds: entries.flatMap(({ reservationId }) => there(reservationId)),
    invoiceIds: entries.flatMap(({ invoiceId }) => there(invoiceId)),
  });
  const seesInvoices = isPermitted(ctx.actor, 'invoice:read');
  return ({ reservationId, paymentId, invoiceId }: StatementEntry) => {
    if (reservationId !== null) {
      const name = names.reservations.get(reservationId) ?? t('statement.reservation');
      return <TextLink href={`${base}/reservations/${reservationId}`}>{name}</TextLink>;
    }
    if (paymentId !== null)
      return <TextLink href={`${base}/wallet/payments/${paymentId}`}>{t('statement.payment')}</TextLink>;
    const number = invoiceId === null ? undefined : names.invoices.get(invoiceId);
    if (invoiceId === null || number === undefined) return null;
    return seesInvoices ? <TextLink href={`${base}/invoices/${invoiceId}`}>{number}</TextLink> : number;
  };
}

/** The journals that moved the wallet, each in words, with the balance after it. */
export async function StatementTable({
  ctx,
  base,
  entries,
}: {
  ctx: TenantCtx;
  base: string;
  entries: readonly StatementEntry[];
}) {
  const [t, o] = [await getTranslations('wallet'), await getTranslations('origin')];
  const sourceOf = await sourcesOf(ctx, base, entries);
  const changeTail = tailDigits(entries.map(({ amountUnits }) => amountUnits));
  const balanceTail = tailDigits(entries.map(({ balanceAfterUnits }) => balanceAfterUnits));
  const columns: Column<StatementEntry>[] = [
    {
      key: 'time',
      header: t('statement.time'),
      isWideOnly: true,
      cell: ({ effectiveAt }) => <InstantText at={effectiveAt} />,
    },
    {
      key: 'what',
      header: t('statement.what'),
      cell: (entry) => (
        <>
          {t(`statement.kind.${entry.kind}`)}
          <span className="block text-xs text-ink-3 md:hidden">
            <InstantText at={entry.effectiveAt} /> {sourceOf(entry)}
          </span>
        </>
      ),
    },
    { key: 'source', header: t('statement.source'), isWideOnly: true, cell: sourceOf },
    {
      key: 'amount',
      header: t('statement.amount'),
      align: 'end',
      cell: ({ amountUnits, journalId, kind, effectiveAt }) => (
        <>
          <ExactMoney units={amountUnits} tail={changeTail} isSigned />
          <span className="block">
            <AskLink
              href={consolePaths(base).journal(`${journalId}`)}
              what={o('askEntry', { what: t(`statement.kind.${kind}`), at: formatInstant(effectiveAt) })}
            />
          </span>
        </>
      ),
    },
    {
      key: 'balance',
      header: t('statement.balance'),
      align: 'end',
      isWideOnly: true,
      cell: ({ balanceAfterUnits }) => <ExactMoney units={balanceAfterUnits} tail={balanceTail} />,
    },
  ];
  return (
    <DataTable
      label={t('statement.title')}
      columns={columns}
      rows={entries}
      rowKey={({ key }) => key}
      empty={<EmptyState Icon={ReceiptText} title={t('statement.empty')} text={t('statement.emptyText')} />}
    />
  );
}
