import type { Metadata } from 'next';
import { modelName, siteName } from '#components/catalog/model-name.ts';
import { TiersTable } from '#components/sla/tiers-table.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import { nextMonth, monthOf } from '#lib/core/period.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { visitorCtx } from '#lib/identity/context.ts';
import { listPolicies } from '#lib/sla/policies.ts';
import { policyInForce } from '#lib/sla/policy.ts';
import type { SlaPolicy } from '#lib/sla/types.ts';

const RULES = ['promised', 'broken', 'maintenance', 'money', 'when', 'change'] as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('sla'))('title') };
}

/** What is in force this month for anything on sale, and every published table that begins later. */
async function shownPolicies(): Promise<{ policy: SlaPolicy; name: string | null }[]> {
  const ctx = await visitorCtx();
  const [policies, skus, locale] = [await listPolicies(ctx), await listSkus(ctx), await requestLocale()];
  const month = monthOf(ctx.now);
  const names = new Map(
    skus.map((sku) => [sku.id as string, `${modelName(locale, sku.model.name)} · ${siteName(locale, sku.siteName)}`]),
  );
  const inForce = [null, ...skus.map(({ id }) => id)].map((skuId) => policyInForce(policies, skuId ?? '', month));
  const coming = policies.filter(({ validFrom }) => validFrom >= nextMonth(month));
  const shown = new Set([...inForce.filter((policy) => policy !== null), ...coming]);
  return [...shown]
    .sort((a, b) => (a.skuId ?? '').localeCompare(b.skuId ?? '') || a.validFrom.localeCompare(b.validFrom))
    .map((policy) => ({ policy, name: policy.skuId === null ? null : (names.get(policy.skuId) ?? policy.skuId) }));
}

/** The published promise: the tables in force and to come, and every rule by which they are applied. */
export default async function SlaPage() {
  const t = await getTranslations('sla');
  const shown = await shownPolicies();
  return (
    <ClientMessages>
      <div className="mx-auto max-w-4xl px-4 py-14 sm:px-6">
        <h1 className="text-2xl sm:text-3xl">{t('title')}</h1>
        <p className="mt-4 max-w-[60ch] text-ink-2">{t('lead')}</p>
        {shown.map(({ policy, name }) => {
          const label = name === null ? t('operator') : t('own', { sku: name });
          return (
            <section key={policy.id} className="mt-8">
              <h2 className="text-lg">{label}</h2>
              <p className="num mt-0.5 text-xs text-ink-2">{t('from', { month: policy.validFrom })}</p>
              <div className="mt-3 overflow-hidden rounded-lg border border-line bg-surface">
                <TiersTable tiers={policy.tiers} label={`${label} ${policy.validFrom}`} />
              </div>
            </section>
          );
        })}
        <h2 className="mt-12 text-xl">{t('rules.title')}</h2>
        <dl className="mt-4 grid gap-x-8 gap-y-4 sm:grid-cols-[8rem_minmax(0,1fr)]">
          {RULES.map((rule) => (
            <div key={rule} className="contents">
              <dt className="font-medium">{t(`rules.${rule}.name`)}</dt>
              <dd className="max-w-[60ch] text-ink-2 max-sm:-mt-3">{t(`rules.${rule}.text`)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </ClientMessages>
  );
}
