import type { LineExplanation, LineRows } from '#lib/billing/explain/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatCardHours } from '../format/card-hours.ts';
import { formatCount } from '../format/digits.ts';
import { Money } from '../format/money-text.tsx';
import { Alert } from '../ui/alert.tsx';
import { Badge } from '../ui/badge.tsx';
import { DefinitionList } from '../ui/definition-list.tsx';
import { Panel } from '../ui/panel.tsx';
import { Stat, StatRow } from '../ui/stat.tsx';
import { EquationList, HoldsAlert } from './equation-list.tsx';
import { LineParts } from './line-parts.tsx';
import type { OriginPaths } from './origin-paths.ts';
import { PricePanel } from './price-panel.tsx';

/** That the issued document still says what was sealed. */
async function DocumentPanel({ invoice, isIntact }: LineExplanation) {
  const [t, i] = [await getTranslations('origin'), await getTranslations('invoices')];
  const badge = isIntact ? (
    <Badge tone="ok">{i('detail.intact')}</Badge>
  ) : (
    <Badge tone="danger">{i('detail.broken')}</Badge>
  );
  return (
    <Panel title={t('line.document')} description={t('line.documentText')} actions={badge}>
      <DefinitionList
        items={[
          { term: i('number'), value: invoice.number },
          { term: i('detail.hash'), value: <code className="text-xs break-all">{invoice.snapshotHash}</code> },
        ]}
      />
    </Panel>
  );
}

/** An invoice line: what it comes to, by which steps, at which price, and the charges it is made of, part by part. */
export async function LineOrigin({
  explanation,
  rows,
  paths,
  page,
}: {
  explanation: LineExplanation;
  rows: LineRows | null;
  paths: OriginPaths;
  page: number;
}) {
  const t = await getTranslations('origin');
  const { invoice, line, charges, broken, equations, price } = explanation;
  return (
    <div className="grid gap-6">
      <HoldsAlert equations={equations} />
      {broken > 0 && <Alert kind="danger" title={t('line.brokenCharges', { count: broken })} />}
      <StatRow>
        <Stat label={t('line.gross')} value={<Money fen={line.grossFen} />} />
        <Stat label={t('line.exact')} value={<Money units={line.grossUnits} isExact />} />
        <Stat label={t('line.used')} value={formatCardHours(line.usedSeconds)} note={t('line.usedNote')} />
        <Stat label={t('line.charges')} value={formatCount(charges)} note={t('line.chargesNote')} />
      </StatRow>
      <LineParts rows={rows} line={{ invoiceId: invoice.id, line: line.line }} paths={paths} page={page} />
      <EquationList equations={equations} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <PricePanel price={price} term={null} />
        <DocumentPanel {...explanation} />
      </div>
    </div>
  );
}
