import type { Metadata } from 'next';
import { NotFoundView } from '#components/layout/absence.tsx';
import { getTranslations } from '#lib/i18n/server.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('common'))('page.notFoundTitle') };
}

export default function NotFound() {
  return (
    <main>
      <NotFoundView home="/" />
    </main>
  );
}
