import type { Equation } from '#lib/billing/explain/equation.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { Alert } from '../ui/alert.tsx';
import { Badge } from '../ui/badge.tsx';
import { Panel } from '../ui/panel.tsx';
import { equationText } from './equation-text.ts';

/** Above everything: whether all steps hold, loudly when they do not. */
export async function HoldsAlert({ equations, className }: { equations: readonly Equation[]; className?: string }) {
  const t = await getTranslations('origin');
  const broken = equations.filter(({ holds }) => !holds).length;
  return broken === 0 ? (
    <Alert kind="ok" title={t('allHold', { count: equations.length })} className={className}>
      {t('allHoldText')}
    </Alert>
  ) : (
    <Alert kind="danger" title={t('someBroken', { count: broken })} className={className}>
      {t('someBrokenText')}
    </Alert>
  );
}

/** The steps in their order, each with its figures, its result worked out now, and whether that is what was recorded. */
export async function EquationList({ equations }: { equations: readonly Equation[] }) {
  const t = await getTranslations('origin');
  const locale = await requestLocale();
  const steps = equations.map((each) => ({ ...equationText(locale, each), rule: each.rule, holds: each.holds }));
  return (
    <Panel title={t('steps')} description={t('stepsLead')}>
      <ol className="grid gap-3 text-sm">
        {steps.map(({ rule, name, calculation, result, stated, holds }) => (
          <li
            key={rule}
            className="grid gap-x-4 gap-y-1 border-b border-line pb-3 last:border-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_auto]"
          >
            <div className="min-w-0">
              <p className="font-medium">{name}</p>
              <p className="num text-ink-2 wrap-anywhere">{calculation}</p>
            </div>
            <div className="flex items-baseline gap-3 sm:justify-end">
              <span className="num font-medium whitespace-nowrap">= {result}</span>
              {holds ? (
                <Badge tone="ok">{t('holds')}</Badge>
              ) : (
                <span className="text-right">
                  <Badge tone="danger">{t('broken')}</Badge>
                  <span className="num block text-xs text-danger">{t('stated', { stated })}</span>
                </span>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
