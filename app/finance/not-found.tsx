import { NotFoundView } from '#components/layout/absence.tsx';

export default function NotFound() {
  return <NotFoundView home="/finance" />;
}
