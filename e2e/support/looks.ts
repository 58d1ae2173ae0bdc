import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, watchConsole } from './checks.ts';

export type Session = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Two looks that differ in everything: language and colours. */
export const LOOKS = [
  { locale: 'en', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
] as const;

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

type Seen = {
  readonly look: (typeof LOOKS)[number];
  /** Who looks; undefined: a visitor. */
  readonly session: Session | undefined;
};

/**
 * The page that stands there is accessible and not wider than its window, on a desk and on a phone: first in the size in
 * which it came, then in the other, in which the next page comes.
 */
export async function expectWellMade(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const isDesk = page.viewportSize()?.width === DESK.width;
  for (const viewport of isDesk ? [DESK, PHONE] : [PHONE, DESK]) {
    await page.setViewportSize(viewport);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
}

/**
 * Walks over pages on a desk and on a phone: each speaks the language, is accessible and not wider than its window, and
 * the console stays silent.
 */
export async function lookAt(
  browser: Browser,
  { look: { locale, colorScheme }, session }: Seen,
  walk: readonly string[] | ((page: Page) => Promise<void>),
): Promise<void> {
  const context = await browser.newContext({ colorScheme, viewport: DESK, ...(session && { storageState: session }) });
  await context.addCookies([{ name: 'kashi_locale', value: locale, url: test.info().project.use.baseURL ?? '' }]);
  const page = await context.newPage();
  const complaints = watchConsole(page);
  if (typeof walk === 'function') await walk(page);
  else
    for (const path of walk) {
      await page.goto(path);
      await expectWellMade(page);
    }
  await expect(page.locator('html')).toHaveAttribute('lang', locale);
  expect(complaints).toEqual([]);
  await context.close();
}
