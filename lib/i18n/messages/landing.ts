import type { Translation } from '../shape.ts';

export const zh = {
  title: '按卡、按小时预订真武算力',
  lead: '卡时，就是一张卡工作一小时。韶关数据中心有10,000张真武810E，中小企业可以从一张、一小时用起：先看清空位和总价再预订，按秒计量，账单对得上报价。',
  start: '开通账号',
  signIn: '登录',
  fleet: {
    title: '机群',
    legend: '每格一台服务器，16张卡，共625台。亮起的是一张卡',
    cards: { value: '10,000张', label: '真武810E卡' },
    servers: { value: '625台', label: '服务器，每台16张卡' },
    memory: { value: '96 GB', label: '每张卡的HBM2e显存' },
    link: { value: '700 GB/s', label: '卡间互联带宽' },
  },
  ways: {
    title: '两种买法',
    lead: '都可以现在开始，也可以约定将来的任意整点。',
    hour: {
      title: '按小时',
      fit: '试验、推理高峰、几小时到几天的训练',
      points: {
        a: '选定卡数和小时数，或一直用到你释放',
        b: '开始前逐小时冻结，用多少秒收多少秒',
        c: '提前释放，没用的时间不收费',
      },
    },
    card: {
      title: '按卡',
      fit: '长期服务、持续训练、要固定一批卡的团队',
      points: {
        a: '一天、一周或一个月，卡为你专属',
        b: '期价一次付清，逐小时计入用量',
        c: '没用的小时也照实列出，闲置一目了然',
      },
    },
    note: '本站展示的价格均为示例，以报价为准。',
  },
  steps: {
    title: '从报价到账单，一条线',
    quote: {
      title: '报价',
      text: '写明卡数、时间和拓扑，得到逐行公式、总价和钱包余额的变化。10分钟内有效，不占任何资源。',
    },
    reserve: {
      title: '预订',
      text: '容量、摆放、资金依次检查，一次答复：要么全部成立，要么说明原因和最早可用的时间。',
    },
    use: { title: '使用', text: '卡在开始前30分钟绑定。作业的镜像与驱动先行核对，坏卡自动更换，同超节点优先。' },
    invoice: { title: '账单', text: '每月一份。每一行都能点开：用量、凭证、价格版本、取整规则，直到每一卡秒。' },
  },
  charge: {
    title: '怎样收费',
    lead: '应付金额以整数计算，只在两处取整，都向下取：对你有利。',
    formula: '费用 = ⌊单价 × Σ(卡秒 × 时段系数) ÷ 3,600⌋',
    exampleTitle: '举例',
    example: '8张卡，用2小时30分，共20卡时',
    points: {
      split: { title: '怎么拆分都一样', text: '按小时、按卡、按天汇总，总数分毫不差。' },
      proof: {
        title: '没有证明，就不收费',
        text: '设备没有证明健康的每一秒都不计费。卡出故障，从最后一次健康证明起停止计费。',
      },
      quoteEqualsBill: { title: '账单等于报价', text: '没有另外的计量项。报价里没有的，账单里也不会有。' },
    },
  },
  closing: { title: '从一张卡、一小时开始', text: '开通账号不收费。先看空位和报价，再决定。' },
  footer: '卡时Kashi',
} as const;

export const en: Translation<typeof zh> = {
  title: 'Zhenwu compute, by the card and by the hour',
  lead: 'Kashi (卡时) means card-hour: one card working for one hour. The Shaoguan data centre holds 10,000 Zhenwu 810E cards, and a small company can start with one of them for one hour. See what is free and the whole price before you reserve; time is metered by the second, and the invoice equals the quote.',
  start: 'Open account',
  signIn: 'Sign in',
  fleet: {
    title: 'The fleet',
    legend: 'Each square is a server of 16 cards, 625 in all. The lit one is one card',
    cards: { value: '10,000', label: 'Zhenwu 810E cards' },
    servers: { value: '625', label: 'Servers of 16 cards' },
    memory: { value: '96 GB', label: 'HBM2e on each card' },
    link: { value: '700 GB/s', label: 'Bandwidth between cards' },
  },
  ways: {
    title: 'Two ways to buy',
    lead: 'Each from now, or from any full hour to come.',
    hour: {
      title: 'By the hour',
      fit: 'Experiments, peaks of inference, training for hours or days',
      points: {
        a: 'Choose cards and hours, or stay until you release them',
        b: 'Money is held hour by hour in advance and charged by the second',
        c: 'Release early, and unused time costs nothing',
      },
    },
    card: {
      title: 'By the card',
      fit: 'Lasting services, steady training, teams that need the same cards',
      points: {
        a: 'A day, a week or a month; the cards are yours alone',
        b: 'The term is paid once and earned hour by hour',
        c: 'Unused hours are listed as unused, so idle cards show',
      },
    },
    note: 'Prices shown on this site are examples; the quote is what counts.',
  },
  steps: {
    title: 'One line from quote to invoice',
    quote: {
      title: 'Quote',
      text: 'Say how many cards, when and how close together. You get the formula line by line, the total and what it does to your wallet. Valid for 10 minutes; takes nothing.',
    },
    reserve: {
      title: 'Reserve',
      text: 'Capacity, placement and funds are checked in turn and answered at once: all of it holds, or you read why not and which time does.',
    },
    use: {
      title: 'Use',
      text: 'Cards are bound 30 minutes before the start. Image and driver are matched beforehand; a failed card is replaced, in the same supernode first.',
    },
    invoice: {
      title: 'Invoice',
      text: 'One a month. Every line opens: usage, evidence, price version and rounding, down to the card-second.',
    },
  },
  charge: {
    title: 'How a charge is made',
    lead: 'What you pay is computed in whole numbers and rounded in two places only, both down: in your favour.',
    formula: 'charge = ⌊price × Σ(card-seconds × band) ÷ 3,600⌋',
    exampleTitle: 'Example',
    example: '8 cards for 2 hours 30 minutes are 20 card-hours',
    points: {
      split: { title: 'However it is split', text: 'By hour, by card or by day: the parts sum to the same total.' },
      proof: {
        title: 'No proof, no charge',
        text: 'No second is charged in which the device did not prove its health. When a card fails, charging stops at its last proof.',
      },
      quoteEqualsBill: {
        title: 'The invoice equals the quote',
        text: 'There is no second meter. What is not in the quote is not on the invoice.',
      },
    },
  },
  closing: {
    title: 'Start with one card for one hour',
    text: 'An account costs nothing. Look at free cards and a quote first.',
  },
  footer: 'Kashi 卡时',
};
