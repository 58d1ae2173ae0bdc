import Form from 'next/form';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Field } from '#components/form/field.tsx';
import { Button, buttonClass } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { Term } from '#lib/catalog/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const QUICK_HOURS = [1, 3, 8, 24] as const;
const IDS = { control: 'hours', hint: 'hours-hint', error: 'hours-error' };

/** How much longer: hours, or one more term. The address holds the choice, so that a price has an address. */
export async function ExtensionForm({
  base,
  term,
  typed,
  error,
  end,
}: {
  base: string;
  term: Term | null;
  typed: string;
  error: string | null;
  end: ReactNode;
}) {
  const t = await getTranslations('reservations');
  return (
    <Panel>
      <p className="mb-4 text-sm text-ink-2">
        {t('extend.oldEnd')} <span className="ml-2 text-ink">{end}</span>
      </p>
      {term !== null ? (
        <p className="font-medium">{t('extend.term', { term: t(`term.${term}`) })}</p>
      ) : (
        <Form action={`${base}/extend`} className="flex flex-wrap items-end gap-3">
          <Field ids={IDS} label={t('extend.hours')} error={error ?? undefined} className="w-36">
            <Input
              key={typed}
              id={IDS.control}
              name="hours"
              inputMode="numeric"
              defaultValue={typed}
              autoComplete="off"
              {...(error !== null && { 'aria-invalid': true, 'aria-describedby': IDS.error })}
            />
          </Field>
          <Button type="submit" className="h-9">
            {t('extend.show')}
          </Button>
          <span className="flex flex-wrap gap-2">
            {QUICK_HOURS.map((count) => (
              <Link
                key={count}
                href={`${base}/extend?hours=${count}`}
                className={buttonClass({ variant: 'ghost' })}
                aria-current={`${count}` === typed ? 'true' : undefined}
              >
                {t('extend.quick', { count })}
              </Link>
            ))}
          </span>
        </Form>
      )}
    </Panel>
  );
}
