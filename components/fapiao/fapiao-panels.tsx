import { InstantText } from '#components/format/instant-text.tsx';
import { formatFen } from '#components/format/money.ts';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { FapiaoDetail } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { FapiaoBadge, KindText } from './fapiao-badge.tsx';
import { SignedMoney } from './signed-money.tsx';

type Props = {
  readonly detail: FapiaoDetail;
  /** Where the pages of fapiao are. */
  readonly base: string;
};

/** What it says of itself: kind, numbers, dates, and for whom. */
export async function FactsPanel({ detail: { fapiao, blue }, base }: Props) {
  const t = await getTranslations('fapiao');
  const { kind, buyer, number, issuedOn, confirmation, remark } = fapiao;
  const none = t('detail.none');
  const text = (value: string | null) => (value === null || value === '' ? none : value);
  const red = [
    {
      term: t('detail.blue'),
      value: blue && <TextLink href={`${base}/${blue.id}`}>{blue.number ?? blue.salesNumber}</TextLink>,
    },
    { term: t('detail.confirmation'), value: text(confirmation) },
  ];
  return (
    <Panel title={t('detail.facts')}>
      <DefinitionList
        items={[
          { term: t('list.kind'), value: <KindText kind={kind} /> },
          { term: t('list.fapiaoNumber'), value: <span className="wrap-anywhere">{text(number)}</span> },
          { term: t('detail.issuedOn'), value: text(issuedOn) },
          ...(kind === 'red' ? red : []),
          { term: t('titles.type'), value: t(`type.${buyer.fapiaoType}`) },
          { term: t('detail.buyer'), value: <span className="wrap-anywhere">{buyer.name}</span> },
          { term: t('titles.taxId'), value: <span className="wrap-anywhere">{text(buyer.taxId)}</span> },
          { term: t('titles.addressPhone'), value: text(buyer.addressPhone) },
          { term: t('titles.bankAccount'), value: text(buyer.bankAccount) },
          { term: kind === 'red' ? t('detail.redReason') : t('detail.remark'), value: text(remark) },
        ]}
      />
    </Panel>
  );
}

/** Net, tax and both together. */
export async function AmountsPanel({ detail: { fapiao } }: { detail: FapiaoDetail }) {
  const t = await getTranslations('fapiao');
  const { kind, netFen, taxFen, grossFen } = fapiao;
  return (
    <Panel title={t('detail.amounts')}>
      <DefinitionList
        items={[
          { term: t('detail.net'), value: <SignedMoney kind={kind} amountFen={netFen} /> },
          { term: t('detail.tax'), value: <SignedMoney kind={kind} amountFen={taxFen} /> },
          { term: t('detail.gross'), value: <SignedMoney kind={kind} amountFen={grossFen} /> },
        ]}
      />
    </Panel>
  );
}

/** Every state it had, by whom and when. */
export async function HistoryPanel({ detail }: { detail: FapiaoDetail }) {
  const t = await getTranslations('fapiao');
  return (
    <Panel title={t('detail.history')}>
      <ol className="grid gap-3 text-sm">
        {detail.history.map(({ at, state, byName, note }) => (
          <li key={`${at} ${state}`} className="grid gap-0.5">
            <span className="flex flex-wrap items-center gap-2">
              <FapiaoBadge state={state} />
              <InstantText at={at} />
              <span className="text-ink-2">{byName === '' ? t('detail.operator') : byName}</span>
            </span>
            {note !== '' && <span className="wrap-anywhere text-ink-2">{note}</span>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** What takes a blue one back, and how much still can. */
export async function RedsPanel({ detail: { reds, leftFen }, base }: Props) {
  const t = await getTranslations('fapiao');
  if (reds.length === 0) return null;
  return (
    <Panel title={t('detail.reds')} description={t('detail.redsLead', { left: formatFen(leftFen) })}>
      <ul className="grid gap-2 text-sm">
        {reds.map(({ id, salesNumber, state, kind, grossFen }) => (
          <li key={id} className="flex flex-wrap items-center gap-2">
            <TextLink href={`${base}/${id}`} className="num">
              {salesNumber}
            </TextLink>
            <SignedMoney kind={kind} amountFen={grossFen} />
            <FapiaoBadge state={state} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
