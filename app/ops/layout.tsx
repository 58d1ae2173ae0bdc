import type { ReactNode } from 'react';
import { staffPage } from '#app/_edge/access.ts';
import { StaffShell } from '#app/_edge/shell.tsx';

export default async function OpsLayout({ children }: { children: ReactNode }) {
  const ctx = await staffPage('inventory:read');
  return (
    <StaffShell ctx={ctx} console="ops">
      {children}
    </StaffShell>
  );
}
