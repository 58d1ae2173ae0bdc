/**
 * The words of the printed invoice, Chinese and English side by side. They belong to the document and not to the
 * catalogue of the interface: an invoice printed again must come out as it was, so a change of words or layout is a new
 * snapshot version with labels of its own.
 */
export const INVOICE_LABELS = {
  title: '账单',
  titleEn: 'Invoice',
  number: '编号 No.',
  period: '账期 Billing period',
  issuedAt: '开具时间 Issued',
  beijingTime: '北京时间 Beijing time',
  seller: '销售方 Seller',
  buyer: '购买方 Buyer',
  taxId: '税号 Tax ID',
  address: '地址 Address',
  customerId: '客户号 Customer ID',
  due: '价税合计 Total incl. tax',
  inCapitals: '大写 In words',
  columns: {
    line: '#',
    item: '项目 Item',
    cardHours: '卡时 Card-hours',
    price: '单价 ¥/卡时',
    net: '不含税 Net',
    tax: '税额 Tax',
    gross: '含税 Gross',
  },
  purchase: { 'by-hour': '按时 By the hour', 'by-card': '按卡 By the card' },
  used: '使用 used',
  unused: '未使用 unused',
  seconds: '卡秒 s',
  usage: '用量金额 Usage charges',
  listPrice: '目录价 List',
  byList: '按目录价 By the list',
  agreed: '协议优惠 Agreed discount',
  vouchers: '算力券抵扣 Paid by vouchers',
  otherVouchers: '其余算力券 Other vouchers',
  residue: '抹零 Residue below 0.01, returned to the wallet',
  residueOwed: '抹零 Residue below 0.01, taken off what is owed',
  owed: (on: string): string => `后付应付，最后付款日${on} On account, to be paid by ${on}`,
  net: '不含税金额 Net',
  tax: '税额 Tax',
  total: '价税合计 Total incl. tax',
  notes: [
    '单价含税。按时按秒计费，时段系数见用量明细；按卡为预付期内按时确认的金额。 Prices include tax. By the hour is charged by the second, time bands stand in the usage CSV; by the card is the prepaid term as earned.',
    '价款已从预付钱包扣除，无需再付。 Paid from the prepaid wallet: nothing is due.',
    '本账单不是税务发票。 This invoice is not a fapiao.',
  ],
  /** In place of the second note, where something is owed. */
  owedNote:
    '后付部分请在最后付款日前从钱包付清，其余价款已从预付钱包扣除。 What is on account is to be paid from the wallet by its last day; the rest was paid from the prepaid wallet.',
  hash: 'SHA-256',
  page: (number: number, count: number): string => `${number} / ${count}`,
} as const;
