import type { Translation } from '../shape.ts';

/** The rules of an explanation: what a step is called, and its calculation with its figures, before the equals sign. */
export const zh = {
  secondsSplit: { name: '这一小时的全部秒数', text: '使用{used} + 未使用{unused} + 停机{down}' },
  secondsProven: { name: '使用的秒数有证据', text: '本小时内各段证据之和{proven}' },
  agreedShare: {
    name: '协议价：目录价打折',
    text: '目录价{list} × 档位{tier} × 协议折扣{share}，舍去不足百亿分之一元的部分',
  },
  agreedPrice: {
    name: '协议价：约定单价',
    text: '约定单价{agreed}与目录价{list}中较低的 × 档位{tier}，舍去不足百亿分之一元的部分',
  },
  secondsCorrected: { name: '连同更正，使用的秒数有证据', text: '本小时内的证据，加上后来查明的，共{proven}' },
  bandWaived: { name: '这一小时不收费', text: '补收之前由两人同意免收（{waivers}份）' },
  weightedWaived: { name: '累计不变', text: '此前累计{before}' },
  chargedWaived: { name: '累计金额不变', text: '此前的累计金额{before}' },
  bandInForce: { name: '这一小时的时段系数', text: '价格版本在这一小时的系数{band}' },
  weightedByHour: { name: '累计加权秒数', text: '此前累计{before} + 本小时使用{used} × 系数{band}' },
  weightedByCard: { name: '已经过的秒数', text: '此前{before} + 使用{used} + 未使用{unused}' },
  chargedBefore: {
    name: '此前的累计金额',
    text: '单价{price} × 此前累计{weighted} ÷ 3600，舍去不足一亿分之一元的部分',
  },
  chargedAfter: {
    name: '到本小时的累计金额',
    text: '单价{price} × 累计{weighted} ÷ 3600，舍去不足一亿分之一元的部分',
  },
  earnedBefore: {
    name: '此前已摊销的包期价款',
    text: '每卡包期价{termPrice} × 此前{elapsed} ÷ 周期{term}，舍去不足一亿分之一元的部分',
  },
  earnedAfter: {
    name: '到本小时已摊销的包期价款',
    text: '每卡包期价{termPrice} × 已过{elapsed} ÷ 周期{term}，舍去不足一亿分之一元的部分',
  },
  amount: { name: '本小时的金额', text: '到本小时的累计{after} − 此前的累计{before}' },
  lineUsed: { name: '这一行的使用秒数', text: '各条用量的使用秒数之和{used}' },
  lineUnused: { name: '这一行的未使用秒数', text: '各条用量的未使用秒数之和{unused}' },
  lineUnits: { name: '这一行的用量金额', text: '{charges}条用量的金额之和{charged}' },
  invoiceUnits: { name: '整张账单的用量金额', text: '{lines}行之和{charged}' },
  invoiceFen: { name: '抹零：账单金额只取整分', text: '用量金额{charged} − 算力券付的{vouchers}，舍去不足一分的部分' },
  residue: { name: '抹掉的零头，退回钱包', text: '用量金额{charged} − 算力券付的{vouchers} − 账单金额{asked}' },
  lineFen: {
    name: '这一行分到的整分（最大余数法）',
    text: '账单金额{asked} × 本行扣券后{line} ÷ 全部扣券后{charged}，先舍去不足一分的部分；剩下{missing}分给余数最大的行，本行排第{rank}',
  },
  invoiceSum: { name: '各行加起来就是账单', text: '{lines}行的整分之和{asked}' },
  net: { name: '不含税金额', text: '价税合计{gross} ÷（1 + 税率{rate}），四舍五入到分' },
  tax: { name: '税额', text: '价税合计{gross} − 不含税{net}' },
  printed: { name: '与开具的文件一致', text: '这一行{line}' },
  balancedMoney: { name: '借贷相等（资金）', text: '借方合计{debit}' },
  balancedSeconds: { name: '借贷相等（卡秒）', text: '借方合计{debit}' },
  hourMoney: { name: '金额等于这一小时的用量', text: '各条用量的金额之和{charged}' },
  hourUsed: { name: '使用秒数等于这一小时的用量', text: '各条用量的使用秒数之和{used}' },
  hourUnused: { name: '未使用秒数等于这一小时的用量', text: '各条用量的未使用秒数之和{unused}' },
  hourDown: { name: '停机秒数等于这一小时的用量', text: '各条用量的停机秒数之和{down}' },
  netPosted: { name: '收入等于账单行的不含税金额', text: '账单行不含税{net}' },
  taxPosted: { name: '销项税等于账单行的税额', text: '账单行税额{tax}' },
  residuePosted: { name: '等于账单的零头', text: '账单抹掉的零头{residue}' },
  received: { name: '等于实际收付的金额', text: '收付{received}' },
  setAside: { name: '冻结款收支相抵', text: '放入{placed} − 划走{captured} − 退回{released}' },
  mirrored: { name: '与原凭证逐行相反', text: '原凭证{legs}行，方向相反的行数' },
  slaLine: {
    name: '低于公布的标准，赔偿比例',
    text: '使用{used}，少于（承诺{promised} − 预告维护{excluded}）的百万分之{below}，按{share}',
  },
  slaDue: {
    name: '这个月应赔',
    text: '（计费{charged} − 算力券付的{vouchers}）× {share}，舍去不足一亿分之一元的部分',
  },
  slaMissing: { name: '这一笔补足的', text: '应赔{due} − 此前已赔{given}' },
  slaPosted: { name: '等于进入钱包的金额', text: '这一笔赔偿{credited}' },
  creditNet: {
    name: '本次贷记的不含税金额',
    text: '（此前贷记{before} + 本次{gross}）÷（1 + 税率{rate}），四舍五入到分，再减去此前的不含税{netBefore}',
  },
  creditPosted: { name: '记入客户名下的金额', text: '不含税{net} + 税额{tax}' },
  refundPosted: { name: '等于申请退款的金额', text: '申请退款{amount}' },
  refundLeft: { name: '还在退款途中的金额', text: '申请{asked} − 付出{paid} − 退回钱包{returned}' },
  disputeMoved: { name: '等于争议的金额', text: '从客户冻结{taken}' },
  disputeKept: { name: '从客户冻结的，就是支付渠道扣留的', text: '支付渠道扣留{kept}' },
  disputeShares: { name: '钱包与欠款两部分之和', text: '钱包{fromWallet} + 记为欠款{owed}' },
  disputeLeft: { name: '争议中仍冻结的金额', text: '冻结{taken} − 还给客户{back} − 败诉{lost}' },
} as const;

export type RuleName = keyof typeof zh;

export const en: Translation<typeof zh> = {
  secondsSplit: { name: 'All seconds of this hour', text: 'used {used} + unused {unused} + down {down}' },
  secondsProven: {
    name: 'The used seconds are proven',
    text: 'the pieces of evidence in this hour together, {proven}',
  },
  agreedShare: {
    name: 'The agreed price: a part of the list price',
    text: 'list price {list} × tier {tier} × agreed {share}, what lies below 1e-10 yuan dropped',
  },
  agreedPrice: {
    name: 'The agreed price: per card-hour',
    text: 'the lower of agreed {agreed} and list {list} × tier {tier}, what lies below 1e-10 yuan dropped',
  },
  secondsCorrected: {
    name: 'The used seconds are proven, with what was found out later',
    text: 'the evidence in this hour and what was found out later, {proven}',
  },
  bandWaived: { name: 'This hour is not charged', text: 'left out at first, and waived by two people ({waivers})' },
  weightedWaived: { name: 'To date as before', text: 'before {before}' },
  chargedWaived: { name: 'Charge to date as before', text: 'before {before}' },
  bandInForce: { name: 'Time band of this hour', text: 'what the price version says of this hour, {band}' },
  weightedByHour: {
    name: 'Weighted seconds to date',
    text: 'before {before} + used in this hour {used} × band {band}',
  },
  weightedByCard: { name: 'Seconds passed', text: 'before {before} + used {used} + unused {unused}' },
  chargedBefore: {
    name: 'Charge to date before this hour',
    text: 'price {price} × before {weighted} ÷ 3600, what lies below 1e-8 yuan dropped',
  },
  chargedAfter: {
    name: 'Charge to date with this hour',
    text: 'price {price} × to date {weighted} ÷ 3600, what lies below 1e-8 yuan dropped',
  },
  earnedBefore: {
    name: 'Earned of the term before this hour',
    text: 'term price of a card {termPrice} × before {elapsed} ÷ term {term}, what lies below 1e-8 yuan dropped',
  },
  earnedAfter: {
    name: 'Earned of the term with this hour',
    text: 'term price of a card {termPrice} × passed {elapsed} ÷ term {term}, what lies below 1e-8 yuan dropped',
  },
  amount: { name: 'Amount of this hour', text: 'to date with this hour {after} − to date before {before}' },
  lineUsed: { name: 'Used seconds of this line', text: 'the used seconds of its charges together, {used}' },
  lineUnused: { name: 'Unused seconds of this line', text: 'the unused seconds of its charges together, {unused}' },
  lineUnits: { name: 'Usage of this line', text: 'the amounts of {charges} charges together, {charged}' },
  invoiceUnits: { name: 'Usage of the whole invoice', text: '{lines} lines together, {charged}' },
  invoiceFen: {
    name: 'The invoice asks for whole fen',
    text: 'usage {charged} − paid by vouchers {vouchers}, what lies below a fen dropped',
  },
  residue: {
    name: 'What was dropped, back in the wallet',
    text: 'usage {charged} − paid by vouchers {vouchers} − invoice {asked}',
  },
  lineFen: {
    name: 'Fen of this line, by largest remainder',
    text: 'invoice {asked} × this line less vouchers {line} ÷ all less vouchers {charged}, what lies below a fen dropped first; the {missing} fen left go to the largest remainders, of which this line’s is number {rank}',
  },
  invoiceSum: { name: 'The lines sum to the invoice', text: 'the fen of {lines} lines together, {asked}' },
  net: { name: 'Net', text: 'total {gross} ÷ (1 + tax rate {rate}), rounded half up to a fen' },
  tax: { name: 'Tax', text: 'total {gross} − net {net}' },
  printed: { name: 'As the issued document says', text: 'this line {line}' },
  balancedMoney: { name: 'Debits equal credits (money)', text: 'debits {debit}' },
  balancedSeconds: { name: 'Debits equal credits (card-seconds)', text: 'debits {debit}' },
  hourMoney: { name: 'The amount is the usage of this hour', text: 'the amounts of its charges together, {charged}' },
  hourUsed: { name: 'Used seconds are those of this hour', text: 'the used seconds of its charges together, {used}' },
  hourUnused: {
    name: 'Unused seconds are those of this hour',
    text: 'the unused seconds of its charges together, {unused}',
  },
  hourDown: { name: 'Down seconds are those of this hour', text: 'the down seconds of its charges together, {down}' },
  netPosted: { name: 'Revenue is the net of the invoice line', text: 'net of the line {net}' },
  taxPosted: { name: 'Output VAT is the tax of the invoice line', text: 'tax of the line {tax}' },
  residuePosted: { name: 'It is what the invoice dropped', text: 'dropped by the invoice {residue}' },
  received: { name: 'It is what was received or sent', text: 'received or sent {received}' },
  setAside: {
    name: 'What was set aside adds up',
    text: 'placed {placed} − charged {captured} − returned {released}',
  },
  mirrored: {
    name: 'Leg by leg the original the other way round',
    text: 'of {legs} legs of the original, those that are',
  },
  slaLine: {
    name: 'Below a line of the published table, its share',
    text: 'used {used} is less than {below} millionths of (promised {promised} − announced maintenance {excluded}): {share}',
  },
  slaDue: {
    name: 'Due for this month',
    text: '(charged {charged} − paid by vouchers {vouchers}) × {share}, what lies below 1e-8 yuan dropped',
  },
  slaMissing: { name: 'Credited here', text: 'due {due} − credited before {given}' },
  slaPosted: { name: 'It is what came into the wallet', text: 'this credit {credited}' },
  creditNet: {
    name: 'Net of what this note takes back',
    text: '(credited before {before} + now {gross}) ÷ (1 + tax rate {rate}), rounded half up to a fen, − net credited before {netBefore}',
  },
  creditPosted: { name: 'Credited to the customer', text: 'net {net} + tax {tax}' },
  refundPosted: { name: 'It is what was asked back', text: 'asked back {amount}' },
  refundLeft: {
    name: 'What is still on its way',
    text: 'asked back {asked} − paid out {paid} − back in the wallet {returned}',
  },
  disputeMoved: { name: 'It is what is disputed', text: 'taken from the customer {taken}' },
  disputeKept: { name: 'The customer lacks what the provider keeps', text: 'kept by the provider {kept}' },
  disputeShares: { name: 'Wallet and debt together', text: 'from the wallet {fromWallet} + owed {owed}' },
  disputeLeft: {
    name: 'What the dispute still keeps',
    text: 'taken {taken} − given back {back} − lost {lost}',
  },
};
