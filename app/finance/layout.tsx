import type { ReactNode } from 'react';
import { staffPage } from '#app/_edge/access.ts';
import { StaffShell } from '#app/_edge/shell.tsx';

export default async function FinanceLayout({ children }: { children: ReactNode }) {
  const ctx = await staffPage('period:read');
  return (
    <StaffShell ctx={ctx} console="finance">
      {children}
    </StaffShell>
  );
}
