import type { Translation } from '../shape.ts';

/** Why a journal of each kind is posted, as a bookkeeper of the customer understands it. */
export const zh = {
  topUpSettled: '通过支付渠道充值，款项到账，记入钱包。',
  bankReceived: '银行账户收到一笔款，还不知道是谁的，先记暂收款。',
  transferMatched: '财务认领了一笔银行转账，从暂收款转入客户钱包。',
  transferReturned: '没有人认领的款，原路退回付款人。',
  holdPlaced: '预订或延长按时的卡，从钱包冻结一笔款；没有用完的会退回。',
  commitmentPaid: '购买或延长包期，从钱包预付整个周期的价款。',
  usageAccrued: '一个钟点小时的用量，从冻结款划走，记为未出账的收入。',
  commitmentEarned: '包期过了一个钟点小时，从预付款转为未出账的收入。',
  holdReleased: '没有用到的冻结款退回钱包。',
  commitmentReturned: '包期中不收费的部分退回钱包。',
  hoursReturned: '包期的卡提前交还，按公布的比例退给客户；或者包期在公布的天数内全额退订，已计的费用退回原来的路。',
  invoiceIssued: '月末出账单，一行的用量从未出账的收入转为已出账的收入和应交增值税。',
  residueDropped: '出账单时抹去不足一分的零头，从收入中减去。',
  residueReturned: '出账单时抹去的零头退回客户钱包。',
  reversal: '把另一张凭证整张冲销：每一行都与原凭证相反。',
  postpaidAccrued: '一个钟点小时的后付用量从信用额度的占用转为客户的应收款。',
  receivablePaid: '用钱包里的款结清应收款。',
  promoGranted: '赠送给客户的余额，只能在这里使用，不能提现。',
  promoExpired: '赠送的余额到期没有用完，收回。',
  usageCorrected: '一个小时的用量事后改正：证据晚到、漏计补收，或者更正移到下一个月；多退少补。',
  gracePlaced: '余额不够，宽限期内先垫付下一段时间的冻结款，记为欠款。',
  arrearsPaid: '用钱包里的款还清宽限期的欠款。',
  promoDeducted: '算力券付了的那一部分用量，在开账单时冲减收入，不再向客户收。',
  creditNoteIssued: '用红冲单退回已开账单的一部分，含税，记入客户名下。',
  slaCompensated: '服务没有达到承诺，按公布的标准赔偿客户，冲减收入。',
  goodwillGranted: '超出标准的善意补偿，记为费用。',
  refundAsked: '客户申请退款，款项先离开钱包，等待付出。',
  refundPaid: '退款已经付出。',
  refundFailed: '退款没有成功，款项回到客户钱包。',
  disputeOpened: '付款人的银行对一笔支付提出争议，支付渠道扣留了这笔款。',
  disputeBlocked: '争议期间，同样的金额从客户钱包冻结；钱包不够的部分记为欠款。',
  disputeWon: '争议胜出，支付渠道把款还给我们。',
  disputeUnblocked: '争议胜出，冻结的款回到客户。',
  disputeLost: '争议败诉，扣留的款不再回来，与冻结的款相抵。',
} as const;

export const en: Translation<typeof zh> = {
  topUpSettled: 'A top-up through a payment provider was settled and credited to the wallet.',
  bankReceived: 'Money arrived at the bank. Until it is known whose it is, it is in suspense.',
  transferMatched: 'Finance matched a bank transfer: it moved from suspense to the customer’s wallet.',
  transferReturned: 'Money that nobody expected went back to whoever sent it.',
  holdPlaced:
    'Cards by the hour were reserved or extended: money of the wallet was set aside. What is not used comes back.',
  commitmentPaid: 'A term was bought or extended: its whole price was paid from the wallet in advance.',
  usageAccrued: 'Usage of one clock hour: taken from what was set aside, as revenue that is not invoiced yet.',
  commitmentEarned:
    'One clock hour of a term has passed: its share of the prepaid price became revenue not invoiced yet.',
  holdReleased: 'What was set aside and not used went back to the wallet.',
  commitmentReturned: 'What of a term is not charged went back to the wallet.',
  hoursReturned:
    'Cards of a term were given back early and the customer was credited the published share, or a term was refunded in full within the published days and what its hours were charged went back.',
  invoiceIssued:
    'The month was invoiced: the usage of a line moved from revenue not invoiced to invoiced revenue and VAT payable.',
  residueDropped: 'The invoice dropped what lies below a fen: it was taken out of revenue.',
  residueReturned: 'What the invoice dropped below a fen went back to the customer’s wallet.',
  reversal: 'Takes another journal back as a whole: each leg is the original’s the other way round.',
  postpaidAccrued:
    'Usage of one clock hour on account: no longer set aside against the credit line, but owed by the customer.',
  receivablePaid: 'What was owed was paid from the wallet.',
  promoGranted: 'Money given to the customer, to be spent here and not paid out.',
  promoExpired: 'What was not spent of a promotion in time was taken back.',
  usageCorrected:
    'An hour was put right afterwards: its evidence came late, it had been left out, or its correction moved to the next month.',
  gracePlaced: 'The wallet did not reach: the next stretch was set aside on credit during the grace, and is owed.',
  arrearsPaid: 'What was owed from a grace was paid from the wallet.',
  promoDeducted:
    'What vouchers paid of the usage was taken out of revenue at the invoice and is not asked of the customer.',
  creditNoteIssued: 'A credit note took back a part of an issued invoice, tax included, in the customer’s favour.',
  slaCompensated: 'The service fell short of its promise: credited by the published table, out of revenue.',
  goodwillGranted: 'Credited beyond every table, out of goodwill: an expense.',
  refundAsked: 'The customer asked for a refund: the money left the wallet and waits to be paid out.',
  refundPaid: 'The refund was paid out.',
  refundFailed: 'The refund did not arrive: the money is back in the customer’s wallet.',
  disputeOpened: 'The payer’s bank disputed a payment: the payment provider keeps the money.',
  disputeBlocked:
    'While the dispute lasts, the same amount is blocked in the customer’s wallet; what it does not hold is owed.',
  disputeWon: 'The dispute was won: the payment provider gave the money back to us.',
  disputeUnblocked: 'The dispute was won: what was blocked is the customer’s again.',
  disputeLost: 'The dispute was lost: the kept money does not come back, and what was blocked makes up for it.',
};
