import { getTranslations } from '#lib/i18n/server.ts';
import { Pagination } from './pagination.tsx';

/** Steps through a list of numbered pages: back and on, in the reader's language. */
export async function PageSteps(props: {
  label: string;
  previous: string | null;
  next: string | null;
  className?: string | undefined;
}) {
  const c = await getTranslations('common');
  return <Pagination {...props} previousLabel={c('action.previous')} nextLabel={c('action.next')} />;
}
