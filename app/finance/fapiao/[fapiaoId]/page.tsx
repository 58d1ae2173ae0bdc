import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { DocumentsPanel } from '#components/fapiao/documents-panel.tsx';
import { FapiaoBadge } from '#components/fapiao/fapiao-badge.tsx';
import { AmountsPanel, FactsPanel, HistoryPanel, RedsPanel } from '#components/fapiao/fapiao-panels.tsx';
import { LinesPanel } from '#components/fapiao/lines-panel.tsx';
import { RedDialog } from '#components/fapiao/red-dialog.tsx';
import { formatFen } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { findFapiao } from '#lib/fapiao/service.ts';
import { canBecome } from '#lib/fapiao/transitions.ts';
import type { FapiaoDetail } from '#lib/fapiao/types.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { beginRedAction, confirmAction, refuseAction } from '../actions.ts';
import { NoteDialog } from './note-dialog.tsx';
import { UploadForm } from './upload-form.tsx';

type Props = { params: Promise<{ fapiaoId: string }> };

const BASE = '/finance/fapiao';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('fapiao'))('detail.facts') };
}

function Acts({ detail: { fapiao, leftFen } }: { detail: FapiaoDetail }) {
  const { id, state } = fapiao;
  return (
    <>
      {(state === 'requested' || state === 'confirmed') && (
        <NoteDialog act="refuse" fapiaoId={id} action={refuseAction} initial={freshForm()} />
      )}
      {canBecome(fapiao, 'confirmed') && (
        <NoteDialog act="confirm" fapiaoId={id} action={confirmAction} initial={freshForm()} />
      )}
      {leftFen > 0n && (
        <RedDialog fapiaoId={id} left={formatFen(leftFen)} action={beginRedAction} initial={freshForm()} />
      )}
    </>
  );
}

export default async function FinanceFapiaoPage({ params }: Props) {
  const ctx = await staffPage('fapiao:read');
  const detail = await findFapiao(ctx, (await params).fapiaoId);
  if (detail === null) notFound();
  const t = await getTranslations('fapiao');
  const { fapiao } = detail;
  const canIssue = isPermitted(ctx.actor, 'fapiao:issue');
  return (
    <ClientMessages namespaces={['fapiao']}>
      <PageHeader
        title={<span className="num wrap-anywhere">{fapiao.salesNumber}</span>}
        badge={<FapiaoBadge state={fapiao.state} />}
        description={fapiao.organisationName}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: BASE }]} />}
        actions={canIssue && <Acts detail={detail} />}
      />
      <div className="grid gap-6">
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <FactsPanel detail={detail} base={BASE} />
          <div className="grid gap-6">
            <AmountsPanel detail={detail} />
            <DocumentsPanel detail={detail} base={BASE}>
              {canIssue && <UploadForm fapiaoId={fapiao.id} />}
            </DocumentsPanel>
            <RedsPanel detail={detail} base={BASE} />
            <HistoryPanel detail={detail} />
          </div>
        </div>
        <LinesPanel detail={detail} />
      </div>
    </ClientMessages>
  );
}
