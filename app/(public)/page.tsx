import Link from 'next/link';
import { FleetGrid } from '#components/landing/fleet-grid.tsx';
import { Charge, Steps, Ways } from '#components/landing/sections.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { PriceTable } from './price-table.tsx';
import { SlaSection } from './sla-section.tsx';

export default async function LandingPage() {
  const t = await getTranslations('landing');
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-6">
      <section className="grid items-center gap-10 py-14 lg:grid-cols-[minmax(0,1fr)_27rem] lg:gap-16 lg:py-20">
        <div>
          <h1 className="max-w-[14em] text-2xl sm:text-3xl">{t('title')}</h1>
          <p className="mt-5 max-w-[38em] text-ink-2 sm:text-lg">{t('lead')}</p>
          <div className="mt-8 flex flex-wrap gap-3">
            <Link href="/sign-up" className={buttonClass({ variant: 'primary', size: 'lg' })}>
              {t('start')}
            </Link>
            <Link href="/sign-in" className={buttonClass({ size: 'lg' })}>
              {t('signIn')}
            </Link>
          </div>
        </div>
        <FleetGrid legend={t('fleet.legend')} />
      </section>
      <section aria-label={t('fleet.title')} className="pb-14">
        <StatRow>
          {(['cards', 'servers', 'memory', 'link'] as const).map((figure) => (
            <Stat key={figure} value={t(`fleet.${figure}.value`)} label={t(`fleet.${figure}.label`)} />
          ))}
        </StatRow>
      </section>
      <Ways />
      <PriceTable />
      <SlaSection />
      <Steps />
      <Charge />
      <section className="flex flex-wrap items-center justify-between gap-6 border-t border-line py-14">
        <div>
          <h2 className="text-xl">{t('closing.title')}</h2>
          <p className="mt-1 text-ink-2">{t('closing.text')}</p>
        </div>
        <Link href="/sign-up" className={buttonClass({ variant: 'primary', size: 'lg' })}>
          {t('start')}
        </Link>
      </section>
    </div>
  );
}
