import type { InvoiceSnapshot } from '#lib/billing/types.ts';
import { fen, meanPrice, priceE10, toDecimal, units } from '#lib/core/money.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { formatCardHours } from '../format/card-hours.ts';
import { formatCount } from '../format/digits.ts';
import { ExactMoney, tailDigits } from '../format/exact-money.tsx';
import { formatPrice, formatUnits } from '../format/money.ts';
import { Money, Price } from '../format/money-text.tsx';
import { AskLink } from '../origin/ask-link.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Cell } from '../ui/table.tsx';

/** Means are told to 1e-4 yuan. */
const MEAN_STEP_E10 = 1_000_000n;

const QUIET = 'block text-xs text-ink-3';

type Line = InvoiceSnapshot['lines'][number];

const fenOf = (text: string) => fen(BigInt(text));

/** `6%` of 600 basis points. */
const rateOf = (bps: number): string => `${toDecimal(BigInt(bps), 2, 2).replace(/\.?0+$/, '')}%`;

/** What a line asks for, and where that comes from. */
async function grossColumn(originOf: (line: number) => string): Promise<Column<Line>> {
  const [t, o] = [await getTranslations('invoices'), await getTranslations('origin')];
  return {
    key: 'gross',
    header: t('gross'),
    align: 'end',
    cell: (line) => (
      <>
        <Money fen={fenOf(line.grossFen)} />
        <span className="block">
          <AskLink href={originOf(line.line)} what={o('askLine', { line: `${line.line}` })} />
        </span>
      </>
    ),
  };
}

/** What a card-hour of a line came to, where bands of the day or the term make that another than its price. */
function meanOf(line: Line): string | null {
  const mean = meanPrice(units(BigInt(line.grossUnits)), BigInt(line.usedSeconds) + BigInt(line.unusedSeconds));
  const price = BigInt(line.priceE10PerCardHour);
  // What hours drop below their last digit makes no other price.
  const isSame = mean === null || (mean - price < MEAN_STEP_E10 && price - mean < MEAN_STEP_E10);
  return isSame ? null : formatPrice(mean);
}

/** A card-hour and the use at that price; where a price was agreed, the list's and what is saved below them. */
async function priceColumns(tail: number): Promise<Column<Line>[]> {
  const [t, a] = [await getTranslations('invoices'), await getTranslations('agreements')];
  return [
    {
      key: 'price',
      header: t('detail.price'),
      align: 'end',
      isWideOnly: true,
      cell: (line) => (
        <>
          <Price e10={priceE10(BigInt(line.priceE10PerCardHour))} />
          {meanOf(line) !== null && (
            <span className={QUIET}>{t('detail.meanPrice', { price: meanOf(line) ?? '' })}</span>
          )}
          {line.listPriceE10PerCardHour !== undefined && (
            <span className={QUIET}>
              {a('listPrice', { price: formatPrice(priceE10(BigInt(line.listPriceE10PerCardHour))) })}
            </span>
          )}
        </>
      ),
    },
    {
      key: 'usage',
      header: t('detail.usage'),
      align: 'end',
      isWideOnly: true,
      cell: (line) => (
        <>
          <ExactMoney units={units(BigInt(line.grossUnits))} tail={tail} />
          {line.listUnits !== undefined && (
            <span className={QUIET}>
              {a('discount', { amount: formatUnits(units(BigInt(line.listUnits) - BigInt(line.grossUnits))) })}
            </span>
          )}
        </>
      ),
    },
  ];
}

async function lineColumns(tail: number, originOf: (line: number) => string): Promise<Column<Line>[]> {
  const t = await getTranslations('invoices');
  const isChinese = (await requestLocale()) === 'zh-CN';
  return [
    {
      key: 'item',
      header: t('detail.item'),
      cell: (line) => (
        <>
          {line.model}
          <span className={QUIET}>
            {isChinese ? line.siteZh : line.siteEn} · {t(`detail.purchase.${line.purchase}`)}
          </span>
        </>
      ),
    },
    {
      key: 'cardHours',
      header: t('detail.cardHours'),
      align: 'end',
      cell: (line) => (
        <>
          {formatCardHours(BigInt(line.usedSeconds) + BigInt(line.unusedSeconds))}
          <span className={QUIET}>{t('detail.usedSeconds', { count: formatCount(BigInt(line.usedSeconds)) })}</span>
          {line.unusedSeconds !== '0' && (
            <span className={QUIET}>
              {t('detail.unusedSeconds', { count: formatCount(BigInt(line.unusedSeconds)) })}
            </span>
          )}
        </>
      ),
    },
    ...(await priceColumns(tail)),
    {
      key: 'net',
      header: t('net'),
      align: 'end',
      isWideOnly: true,
      cell: (line) => <Money fen={fenOf(line.netFen)} />,
    },
    {
      key: 'tax',
      header: t('tax'),
      align: 'end',
      isWideOnly: true,
      cell: (line) => (
        <>
          <Money fen={fenOf(line.taxFen)} />
          <span className={QUIET}>{t('detail.taxRate', { rate: rateOf(line.taxRateBps) })}</span>
        </>
      ),
    },
    await grossColumn(originOf),
  ];
}

/** The lines of an issued invoice as its snapshot has them, with their sums; `originOf` is where each is explained. */
export async function InvoiceLines({
  snapshot,
  originOf,
}: {
  snapshot: InvoiceSnapshot;
  originOf: (line: number) => string;
}) {
  const t = await getTranslations('invoices');
  const { totals, lines } = snapshot;
  const tail = tailDigits([totals, ...lines].map(({ grossUnits }) => units(BigInt(grossUnits))));
  return (
    <DataTable
      label={t('detail.lines')}
      columns={await lineColumns(tail, originOf)}
      rows={lines}
      rowKey={({ line }) => `${line}`}
      empty={null}
      foot={
        <tr>
          <Cell>{t('detail.total')}</Cell>
          <Cell />
          <Cell className="max-md:hidden" />
          <Cell align="end" className="max-md:hidden">
            <ExactMoney units={units(BigInt(totals.grossUnits))} tail={tail} />
          </Cell>
          <Cell align="end" className="max-md:hidden">
            <Money fen={fenOf(totals.netFen)} />
          </Cell>
          <Cell align="end" className="max-md:hidden">
            <Money fen={fenOf(totals.taxFen)} />
          </Cell>
          <Cell align="end">
            <Money fen={fenOf(totals.grossFen)} />
          </Cell>
        </tr>
      }
    />
  );
}
