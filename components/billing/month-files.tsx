import { Download } from 'lucide-react';
import { EXPORTS, type ExportKind, type KeptFile } from '#lib/billing/export-kinds.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatCount } from '../format/digits.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { buttonClass } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';

const FORMAT = { csv: 'CSV', xlsx: 'XLSX', pdf: 'PDF' } as const;
const DASH = '–';

/** Size of a file in whole units that a person reads. */
function sizeText(bytes: number): string {
  if (bytes < 10_240) return `${formatCount(bytes)} B`;
  return bytes < 10_485_760
    ? `${formatCount(Math.round(bytes / 1_024))} KiB`
    : `${formatCount(Math.round(bytes / 1_048_576))} MiB`;
}

type Row = { readonly kind: ExportKind; readonly kept: KeptFile | null };

/** A link to a file that shows its format; `label` says which file it is, and the format too. */
function FileLink({ format, href, label }: { format: string; href: string; label: string }) {
  return (
    <a href={href} download className={buttonClass({ variant: 'ghost', size: 'sm' })} aria-label={label}>
      <Download aria-hidden />
      {format}
    </a>
  );
}

/**
 * Every file that there is of a month, each with a link; of a closed month with rows, size and hash of those that were
 * made. `hrefOf` is where a file is had.
 */
export async function MonthFiles({
  kinds,
  kept,
  isClosed,
  hrefOf,
  className,
}: {
  kinds: readonly ExportKind[];
  kept: readonly KeptFile[];
  isClosed: boolean;
  hrefOf: (kind: ExportKind) => string;
  className?: string;
}) {
  const t = await getTranslations('exports');
  const rows = kinds.map((kind): Row => ({ kind, kept: kept.find((file) => file.kind === kind) ?? null }));
  const columns: Column<Row>[] = [
    {
      key: 'file',
      header: t('file'),
      cell: ({ kind, kept: file }) => (
        <>
          <span className="font-medium">{t(`kinds.${EXPORTS[kind].words}`)}</span>
          <span className="block text-xs text-ink-3">{t(`notes.${EXPORTS[kind].words}`)}</span>
          {file !== null && (
            <code className="mt-1 block text-xs text-ink-2 break-all" title={t('hash')}>
              {file.sha256}
            </code>
          )}
        </>
      ),
    },
    {
      key: 'rows',
      header: t('rows'),
      align: 'end',
      isWideOnly: true,
      cell: ({ kept: file }) => (file === null ? DASH : formatCount(file.rows)),
    },
    {
      key: 'size',
      header: t('size'),
      align: 'end',
      isWideOnly: true,
      cell: ({ kept: file }) =>
        file === null ? <span className="text-ink-3">{isClosed ? t('notMade') : DASH}</span> : sizeText(file.bytes),
    },
    {
      key: 'download',
      header: <span className="sr-only">{t('download')}</span>,
      align: 'end',
      cell: ({ kind }) => {
        const format = FORMAT[EXPORTS[kind].extension];
        const label = t('downloadOf', { name: t(`kinds.${EXPORTS[kind].words}`), format });
        return <FileLink format={format} href={hrefOf(kind)} label={label} />;
      },
    },
  ];
  return (
    <Panel title={t('title')} description={isClosed ? t('closed') : t('open')} isFlush className={className}>
      <DataTable label={t('title')} columns={columns} rows={rows} rowKey={({ kind }) => kind} empty={null} />
      <p className="border-t border-line px-4 py-3 text-xs text-ink-3">{t('streaming')}</p>
    </Panel>
  );
}
