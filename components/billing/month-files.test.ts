import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test, vi } from 'vitest';
import { EXPORT_KINDS, type ExportKind, type KeptFile } from '#lib/billing/export-kinds.ts';
import { instant } from '#lib/core/instant.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { Namespace } from '#lib/i18n/messages.ts';
import { translator } from '#lib/i18n/translator.ts';
import { MonthFiles } from './month-files.tsx';

const request = vi.hoisted((): { locale: Locale } => ({ locale: 'en' }));
vi.mock('#lib/i18n/server.ts', () => ({
  getTranslations: async (namespace: Namespace) => translator(request.locale, namespace),
}));

const SEALED: KeptFile = {
  kind: 'focus-1.2',
  rows: 200_160,
  bytes: 184_000_000,
  sha256: 'ab'.repeat(32),
  totals: {},
  madeAt: instant(0),
};

async function htmlOf(locale: Locale, isClosed: boolean, kept: readonly KeptFile[] = []): Promise<string> {
  request.locale = locale;
  const hrefOf = (kind: ExportKind) => `/files/${kind}`;
  return renderToStaticMarkup(
    createElement('main', null, await MonthFiles({ kinds: EXPORT_KINDS, kept, isClosed, hrefOf })),
  );
}

describe('the files of a month', () => {
  test.each(['en', 'zh-CN'] as const)('are links with names of their own in %s', async (locale) => {
    const html = await htmlOf(locale, true);
    const links = [...html.matchAll(/<a href="\/files\/([^"]+)"[^>]*aria-label="([^"]+)"/g)];
    expect(links.map(([, kind]) => kind)).toEqual([...EXPORT_KINDS]);
    expect(new Set(links.map(([, , name]) => name)).size).toBe(EXPORT_KINDS.length);
  });

  test('of a closed month show rows, size and hash once they were made, and say so before', async () => {
    const html = await htmlOf('en', true, [SEALED]);
    expect(html).toContain(SEALED.sha256);
    expect(html).toContain('200,160');
    expect(html).toContain('175 MiB');
    expect(html.match(/Not made yet/g)).toHaveLength(EXPORT_KINDS.length - 1);
  });

  test('of an open month say that they may change, and claim no hash', async () => {
    const html = await htmlOf('en', false);
    expect(html).toContain('may still change');
    expect(html).not.toContain('Not made yet');
  });
});
