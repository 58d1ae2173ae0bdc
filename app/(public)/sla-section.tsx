import { TiersTable } from '#components/sla/tiers-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { monthOf } from '#lib/core/period.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { visitorCtx } from '#lib/identity/context.ts';
import { listPolicies } from '#lib/sla/policies.ts';
import { policyInForce } from '#lib/sla/policy.ts';

/** The promise of availability in force for everything, on the start page; nothing while none is published. */
export async function SlaSection() {
  const ctx = await visitorCtx();
  const policy = policyInForce(await listPolicies(ctx), '', monthOf(ctx.now));
  if (policy === null) return null;
  const t = await getTranslations('sla');
  return (
    <ClientMessages>
      <section className="border-t border-line py-14">
        <h2 className="text-xl">{t('title')}</h2>
        <p className="mt-1 max-w-[60ch] text-ink-2">{t('short')}</p>
        <div className="mt-7 max-w-xl overflow-hidden rounded-lg border border-line bg-surface">
          <TiersTable tiers={policy.tiers} label={t('table')} />
        </div>
        <p className="mt-4 text-sm">
          <TextLink href="/sla">{t('details')}</TextLink>
        </p>
      </section>
    </ClientMessages>
  );
}
