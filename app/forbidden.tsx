import { ForbiddenView } from '#components/layout/absence.tsx';

export default function Forbidden() {
  return (
    <main>
      <ForbiddenView home="/console" />
    </main>
  );
}
