import type { CreditReason } from '../credit-notes/types.ts';

/** The words of the printed credit note, Chinese and English side by side; like the invoice's they belong to the document. */
export const CREDIT_NOTE_LABELS = {
  title: '贷项通知单',
  titleEn: 'Credit note',
  number: '编号 No.',
  invoice: '所冲账单 Credits invoice',
  month: '账期 Billing period',
  issuedAt: '开具时间 Issued',
  beijingTime: '北京时间 Beijing time',
  reason: '原因 Reason',
  reasons: {
    duplicatedCharge: '重复计费 Duplicated charge',
    productUnsatisfactory: '服务不合格 Product unsatisfactory',
    orderChange: '预订变更 Reservation changed',
    orderCancellation: '预订取消 Reservation cancelled',
    other: '其他 Other',
  } satisfies Record<CreditReason, string>,
  credited: '贷记金额（价税合计） Credited incl. tax',
  inCapitals: '大写 In words',
  columns: {
    line: '#',
    item: '项目 Item',
    invoiced: '原账单金额 Invoiced',
    net: '不含税 Net',
    tax: '税额 Tax',
    gross: '贷记 Credited',
  },
  to: {
    wallet: '已退入预付钱包。 Credited to the prepaid wallet.',
    receivable: '已冲减应收账款。 Deducted from what is owed.',
  },
  notes: [
    '原账单不变；本通知单与原账单一并构成该账期的应付金额。 The invoice stands as issued; it is to be read together with this note.',
    '本通知单不是税务发票。已开具的发票须另行红冲。 This note is not a fapiao; a fapiao that was issued is taken back by a red one.',
  ],
} as const;
