import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { DocumentsPanel } from '#components/fapiao/documents-panel.tsx';
import { FapiaoBadge } from '#components/fapiao/fapiao-badge.tsx';
import { AmountsPanel, FactsPanel, HistoryPanel, RedsPanel } from '#components/fapiao/fapiao-panels.tsx';
import { LinesPanel } from '#components/fapiao/lines-panel.tsx';
import { RedDialog } from '#components/fapiao/red-dialog.tsx';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { formatFen } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Button } from '#components/ui/button.tsx';
import { findFapiao } from '#lib/fapiao/service.ts';
import { canBecome } from '#lib/fapiao/transitions.ts';
import type { FapiaoDetail } from '#lib/fapiao/types.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { redAction, withdrawAction } from '../actions.ts';

type Props = { params: Promise<{ orgSlug: string; fapiaoId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('fapiao'))('detail.facts') };
}

async function Acts({ detail: { fapiao, leftFen }, orgSlug }: { detail: FapiaoDetail; orgSlug: string }) {
  const t = await getTranslations('fapiao');
  return (
    <>
      {canBecome(fapiao, 'withdrawn') && (
        <ConfirmDialog
          trigger={<Button>{t('detail.withdraw')}</Button>}
          title={t('detail.withdraw')}
          text={t('detail.withdrawText')}
          confirm={t('detail.withdraw')}
          fields={{ fapiaoId: fapiao.id }}
          action={withdrawAction.bind(null, orgSlug)}
          initial={freshForm()}
        />
      )}
      {leftFen > 0n && (
        <RedDialog
          fapiaoId={fapiao.id}
          left={formatFen(leftFen)}
          action={redAction.bind(null, orgSlug)}
          initial={freshForm()}
        />
      )}
    </>
  );
}

async function Standing({ detail: { fapiao } }: { detail: FapiaoDetail }) {
  const t = await getTranslations('fapiao');
  const { state, kind, changedNote } = fapiao;
  if (state === 'refused') return <Alert kind="warn">{t('detail.refusedNote', { reason: changedNote })}</Alert>;
  if (state === 'requested' && kind === 'red') return <Alert>{t('detail.waitingRed')}</Alert>;
  if (state === 'requested' || state === 'confirmed' || state === 'issuing')
    return <Alert>{t('detail.waiting')}</Alert>;
  return null;
}

export default async function FapiaoDetailPage({ params }: Props) {
  const { orgSlug, fapiaoId } = await params;
  const ctx = await memberPage(orgSlug, 'fapiao:read');
  const detail = await findFapiao(ctx, fapiaoId);
  if (detail === null) notFound();
  const t = await getTranslations('fapiao');
  const base = `/console/${orgSlug}/fapiao`;
  return (
    <ClientMessages namespaces={['fapiao']}>
      <PageHeader
        title={<span className="num wrap-anywhere">{detail.fapiao.salesNumber}</span>}
        badge={<FapiaoBadge state={detail.fapiao.state} />}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: base }]} />}
        actions={<Acts detail={detail} orgSlug={orgSlug} />}
      />
      <div className="grid gap-6">
        <Standing detail={detail} />
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <FactsPanel detail={detail} base={base} />
          <div className="grid gap-6">
            <AmountsPanel detail={detail} />
            <DocumentsPanel detail={detail} base={base} />
            <RedsPanel detail={detail} base={base} />
            <HistoryPanel detail={detail} />
          </div>
        </div>
        <LinesPanel detail={detail} />
      </div>
    </ClientMessages>
  );
}
