import { formatFen } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { RECEIVING_ACCOUNT } from '#lib/payments/receiving-account.ts';
import type { Payment } from '#lib/payments/types.ts';

/** How to make an announced transfer: the amount, the code for the remark, and the account. */
export async function TransferSteps({ payment }: { payment: Payment }) {
  const t = await getTranslations('wallet');
  const code = payment.remittanceCode ?? '';
  const { holder, bank, number, bankCode } = RECEIVING_ACCOUNT;
  const account = [
    { term: t('payment.holder'), value: holder },
    { term: t('payment.bank'), value: bank },
    { term: t('payment.number'), value: number },
    { term: t('payment.bankCode'), value: bankCode },
  ];
  return (
    <Panel title={t('payment.steps')}>
      <ol className="grid list-decimal gap-1.5 pl-5 text-sm marker:text-ink-3">
        <li>{t('payment.stepAmount', { amount: formatFen(payment.amountFen) })}</li>
        <li>{t('payment.stepCode')}</li>
        <li>{t('payment.stepWait')}</li>
      </ol>
      <figure className="mt-4 flex flex-wrap items-center justify-between gap-2 rounded-md border border-line bg-sunken px-4 py-3">
        <div>
          <figcaption className="text-xs text-ink-2">{t('payment.codeLabel')}</figcaption>
          <code className="text-xl font-semibold">{code}</code>
        </div>
        <CopyButton text={code} variant="secondary" />
      </figure>
      <h3 className="mt-5 mb-1 text-sm font-medium">{t('payment.account')}</h3>
      <dl className="divide-y divide-line text-sm">
        {account.map(({ term, value }) => (
          <div key={term} className="flex flex-wrap items-center gap-x-4 py-1">
            <dt className="w-20 shrink-0 sm:w-28 text-ink-2">{term}</dt>
            <dd className="num min-w-0 flex-1">{value}</dd>
            <dd>
              <CopyButton text={value} />
            </dd>
          </div>
        ))}
      </dl>
      <Alert kind="warn" title={t('payment.exampleTitle')} role="note" className="mt-4">
        <p className="text-ink-2">{t('payment.exampleText')}</p>
      </Alert>
    </Panel>
  );
}
