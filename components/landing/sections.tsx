import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { getTranslations } from '#lib/i18n/server.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';

/** A part of the start page under its heading. */
function Section({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t border-line py-14">
      <h2 className="text-xl">{title}</h2>
      {lead !== undefined && <p className="mt-1 max-w-[60ch] text-ink-2">{lead}</p>}
      <div className="mt-7">{children}</div>
    </section>
  );
}

/** The two ways to buy, side by side. */
export async function Ways() {
  const t = await getTranslations('landing');
  const ways = ['hour', 'card'] as const;
  return (
    <Section title={t('ways.title')} lead={t('ways.lead')}>
      <div className="grid gap-4 md:grid-cols-2">
        {ways.map((way) => (
          <article key={way} className="rounded-lg border border-line bg-surface p-6">
            <h3 className="text-lg">{t(`ways.${way}.title`)}</h3>
            <p className="mt-0.5 text-sm text-ink-2">{t(`ways.${way}.fit`)}</p>
            <ul className="mt-5 grid gap-3">
              {(['a', 'b', 'c'] as const).map((point) => (
                <li key={point} className="flex gap-3">
                  <Check aria-hidden className="mt-1 size-4 shrink-0 text-accent-ink" />
                  {t(`ways.${way}.points.${point}`)}
                </li>
              ))}
            </ul>
          </article>
        ))}
      </div>
      <p className="mt-4 text-xs text-ink-3">{t('ways.note')}</p>
    </Section>
  );
}

/** The four steps from a quote to an invoice. */
export async function Steps() {
  const t = await getTranslations('landing');
  const steps = ['quote', 'reserve', 'use', 'invoice'] as const;
  return (
    <Section title={t('steps.title')}>
      <ol className="grid gap-x-8 gap-y-8 sm:grid-cols-2 lg:grid-cols-4">
        {steps.map((step, index) => (
          <li key={step}>
            <div className="flex items-center gap-3">
              <span className="num grid size-7 place-items-center rounded-full border border-line-strong text-sm text-ink-2">
                {index + 1}
              </span>
              <h3 className="text-base">{t(`steps.${step}.title`)}</h3>
            </div>
            <p className="mt-3 text-sm text-ink-2">{t(`steps.${step}.text`)}</p>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** How a charge is made, with the formula that every invoice line follows. */
export async function Charge() {
  const t = await getTranslations('landing');
  const points = ['split', 'proof', 'quoteEqualsBill'] as const;
  return (
    <Section title={t('charge.title')} lead={t('charge.lead')}>
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] lg:gap-12">
        <div className="min-w-0 self-start rounded-lg border border-line bg-surface">
          <ScrollRegion label={t('charge.title')}>
            <p className="num px-5 py-6 font-mono text-sm whitespace-nowrap sm:text-base">{t('charge.formula')}</p>
          </ScrollRegion>
          <p className="border-t border-line px-5 py-3 text-sm text-ink-2">
            {t('charge.exampleTitle')}
            <span className="num ml-3 text-ink">{t('charge.example')}</span>
          </p>
        </div>
        <dl className="grid gap-6">
          {points.map((point) => (
            <div key={point}>
              <dt className="font-semibold">{t(`charge.points.${point}.title`)}</dt>
              <dd className="mt-1 text-sm text-ink-2">{t(`charge.points.${point}.text`)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Section>
  );
}
