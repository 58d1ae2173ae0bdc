'use client';

import { FaultPage } from '#components/layout/fault-page.tsx';

export default function ErrorPage(props: { error: unknown; retry: () => void }) {
  return (
    <main>
      <FaultPage {...props} />
    </main>
  );
}
