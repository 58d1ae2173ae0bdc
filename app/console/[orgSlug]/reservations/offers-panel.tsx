import { freshForm } from '#app/_edge/fresh-form.ts';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { units } from '#lib/core/money.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { getWallet } from '#lib/ledger/wallet.ts';
import { listTransferOffers } from '#lib/reservations/transfers.ts';
import { acceptAction } from './accept-action.ts';

/** The reservations that other organisations offer to this one; nothing when there are none. */
export async function OffersPanel({ ctx, orgSlug }: { ctx: TenantCtx; orgSlug: string }) {
  const offers = await listTransferOffers(ctx);
  if (offers.length === 0) return null;
  const t = await getTranslations('changes');
  const language = (await requestLocale()) === 'en' ? 'en' : 'zh';
  const skus = new Map((await listSkus(ctx)).map((sku) => [sku.id, sku]));
  const { spendableUnits } = await getWallet(ctx);
  const mayAccept = isPermitted(ctx.actor, 'reservation:create');
  return (
    <Panel title={t('transfer.incoming')} className="mb-4">
      <ul className="grid gap-4">
        {offers.map(({ reservationId, fromName, skuId, name, cards, interval, amountUnits }) => {
          const sku = skus.get(skuId);
          const [amount, wallet] = [formatUnits(amountUnits), formatUnits(spendableUnits)];
          return (
            <li key={reservationId} className="flex flex-wrap items-center justify-between gap-3 text-sm">
              <div className="min-w-0">
                <p className="font-medium">{name}</p>
                <p className="text-ink-2">
                  {t('transfer.incomingText', {
                    from: fromName,
                    cards,
                    what: sku ? `${sku.model.name} · ${sku.siteName[language]}` : skuId,
                    start: formatInstant(interval.startAt),
                    end: interval.endAt === null ? 'none' : formatInstant(interval.endAt),
                  })}
                </p>
              </div>
              {mayAccept && (
                <ConfirmDialog
                  title={t('transfer.acceptTitle', { name })}
                  text={t('transfer.acceptText', {
                    amount,
                    wallet,
                    after: formatUnits(units(spendableUnits - amountUnits)),
                  })}
                  confirm={t('transfer.accept', { amount })}
                  fields={{ reservationId, quotedUnits: `${amountUnits}` }}
                  action={acceptAction.bind(null, orgSlug)}
                  initial={freshForm()}
                  trigger={<Button variant="primary">{t('transfer.decide')}</Button>}
                />
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
