import { formatInstant } from '#components/format/instant.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { scopeNames, scopeText } from '#components/vouchers/scope-text.ts';
import { listSkus } from '#lib/catalog/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { Programme } from '#lib/vouchers/types.ts';

/** What a programme says, and its terms. */
export async function AboutProgramme({ programme, ctx }: { programme: Programme; ctx: Ctx }) {
  const [t, locale] = [await getTranslations('vouchers'), await requestLocale()];
  const names = scopeNames(await listSkus(ctx), locale);
  const { validFrom, validUntil, codes, codesRedeemed } = programme;
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <Panel title={t('detail.about')}>
        <DefinitionList
          items={[
            { term: t('form.issuerKind'), value: t(`issuer.${programme.issuerKind}`) },
            { term: t('column.scope'), value: scopeText(locale, names, programme) },
            {
              term: t('detail.validity'),
              value: t('validity', { from: formatInstant(validFrom), to: formatInstant(validUntil) }),
            },
            { term: t('programmes.face'), value: <Money units={programme.faceUnits} /> },
            { term: t('programmes.budget'), value: <Money units={programme.budgetUnits} /> },
            { term: t('programmes.priority'), value: `${programme.priority}` },
            { term: t('programmes.grants'), value: t('programmes.count', { count: programme.grants }) },
            { term: t('programmes.codes'), value: t('programmes.codesOf', { redeemed: codesRedeemed, codes }) },
            { term: t('detail.createdAt'), value: <InstantText at={programme.createdAt} /> },
          ]}
        />
      </Panel>
      <Panel title={t('detail.terms')}>
        <p className="text-sm whitespace-pre-line">{programme.terms}</p>
      </Panel>
    </div>
  );
}
