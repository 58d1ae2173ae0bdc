'use client';

import './globals.css';
import { MessagePage } from '#components/layout/message-page.tsx';
import { Button } from '#components/ui/button.tsx';
import * as common from '#lib/i18n/messages/common.ts';

/** The root layout itself failed, so nothing is known of the reader: both languages, no provider. */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  const { zh, en } = common;
  return (
    <html lang="zh-CN">
      <body>
        <main>
          <MessagePage
            code="500"
            title={`${zh.page.errorTitle} · ${en.page.errorTitle}`}
            text={
              <>
                {zh.page.errorText}
                <br />
                <span lang="en">{en.page.errorText}</span>
              </>
            }
          >
            <Button variant="primary" onClick={() => retry()}>
              {zh.action.retry} · {en.action.retry}
            </Button>
          </MessagePage>
        </main>
      </body>
    </html>
  );
}
