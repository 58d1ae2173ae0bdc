import { execFileSync } from 'node:child_process';
import path from 'node:path';

function asFinance(...words: string[]): string {
  const script = path.resolve('e2e/support/as-finance.ts');
  return execFileSync(process.execPath, ['--conditions=react-server', script, ...words], { encoding: 'utf8' }).trim();
}

/** Money arrives with a remittance code on it, and finance matches it. */
export function matchTransfer(code: string, yuan: string): void {
  asFinance('match', code, yuan);
}

/** Finance closes every month before this one, as the next in order. */
export function closeMonthsBefore(month: string): void {
  asFinance('close', month);
}

/** Finance closes the oldest month of the demo's history, unless it is closed; answers which. */
export function closeOldestMonth(): string {
  return asFinance('close');
}
