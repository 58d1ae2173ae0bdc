import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonClass } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { FapiaoDetail } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** The documents of an issued fapiao, stored or online, and with `children` the way to add one. */
export async function DocumentsPanel({
  detail: { fapiao, files },
  base,
  children,
}: {
  detail: FapiaoDetail;
  base: string;
  children?: ReactNode;
}) {
  const t = await getTranslations('fapiao');
  if (fapiao.state !== 'issued') return null;
  return (
    <Panel title={t('detail.documents')} description={t('detail.documentsLead')}>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        {files.map(({ format }) => (
          <a key={format} href={`${base}/${fapiao.id}/files/${format}`} download className={buttonClass()}>
            <Download aria-hidden />
            {t('detail.download', { format: format.toUpperCase() })}
          </a>
        ))}
        {fapiao.documentUrl !== null && (
          <a href={fapiao.documentUrl} rel="noreferrer" target="_blank" className={buttonClass()}>
            {t('detail.link')}
          </a>
        )}
        {files.length === 0 && fapiao.documentUrl === null && <p className="text-ink-2">{t('detail.noDocuments')}</p>}
      </div>
      {children}
    </Panel>
  );
}
