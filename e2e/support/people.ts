import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';

export const PASSWORD = 'violet harbour 27';

/** An address nobody has. */
export function freshEmail(): string {
  return `e2e-${randomBytes(6).toString('hex')}@moban.example`;
}

export type Customer = { readonly email: string; readonly slug: string; readonly organisation: string };

/** Opens an account through the form, in English; ends in the console of its organisation. */
export async function signUp(page: Page, organisation = `Moban ${randomBytes(3).toString('hex')}`): Promise<Customer> {
  const email = freshEmail();
  await page.goto('/sign-up');
  await page.getByLabel('Organisation').fill(organisation);
  await page.getByLabel('Name', { exact: true }).fill('Lin Ruoxi');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open account' }).click();
  await expect(page.getByRole('heading', { name: organisation, level: 1 })).toBeVisible();
  return { email, organisation, slug: new URL(page.url()).pathname.split('/')[2] ?? '' };
}

/** Signs in through the form, in English, from wherever the page stands. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).not.toHaveURL(/\/sign-in/);
}

/** Makes a staff account with roles; answers its address. */
export function createStaff(roles: readonly string[]): string {
  const email = freshEmail();
  const script = path.resolve('e2e/support/create-staff.ts');
  execFileSync(process.execPath, ['--conditions=react-server', script, email, PASSWORD, roles.join(',')]);
  return email;
}
