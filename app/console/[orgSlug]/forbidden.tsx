import { ForbiddenView } from '#components/layout/absence.tsx';

export default function Forbidden() {
  return <ForbiddenView home="/console" />;
}
