import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';

/** The way from a checklist that stops at gaps to the hours themselves. */
export async function GapsLink({ month }: { month: string }) {
  const t = await getTranslations('gaps');
  return (
    <p className="mt-4 text-sm">
      <TextLink href={`/finance/periods/${month}/gaps`}>{t('link')}</TextLink>
    </p>
  );
}
