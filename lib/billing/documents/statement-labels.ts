import type { StatementKind } from '#lib/ledger/types.ts';

/** The words of the printed account statement, Chinese and English side by side, as on the invoice. */
export const STATEMENT_LABELS = {
  title: '对账单',
  titleEn: 'Account statement',
  state: { closed: '已结账 Closed', open: '未结账，可能变化 Open: may still change' },
  opening: '期初余额 Opening balance',
  closing: '期末余额 Closing balance',
  in: '转入 In',
  out: '转出 Out',
  invoice: '本月账单 Invoice of the month',
  noInvoice: '无 None',
  byKind: '按类型 By kind',
  byDay: '按日 By day (Beijing)',
  moves: '笔数 Moves',
  amount: '金额 Amount ¥',
  balance: '余额 Balance ¥',
  kinds: {
    topUpSettled: '充值 Top-up',
    transferMatched: '对公转账 Bank transfer',
    holdPlaced: '冻结：按时预订 Held, by the hour',
    commitmentPaid: '预付：按卡预订 Prepaid, by the card',
    holdReleased: '解冻退回 Released from a hold',
    commitmentReturned: '预付退回 Returned from a term',
    hoursReturned: '退还未用时长 Credit for hours given back',
    residueReturned: '抹零退回 Residue returned',
    other: '其他 Other',
  } satisfies Record<StatementKind | 'other', string>,
  note: '余额为可用钱包余额，冻结与预付不在其中；金额精确到 1e-8 元。 The balance is the wallet without holds and prepaid terms, to 1e-8 yuan.',
} as const;
