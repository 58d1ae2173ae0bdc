import type { Translation } from '../shape.ts';

export const zh = {
  title: '通知',
  description: '钱快用完、停用和退款的每一步都会在这里告诉您，每一步一次。',
  unread: '{count, number}条未读',
  markRead: '全部标为已读',
  isNew: '未读',
  empty: '还没有通知',
  emptyText: '余额预警、宽限、停止和退款的结果会列在这里。',
  pages: '通知翻页',
  kind: {
    arrearsWarned: { title: '余额预警', text: '按当时的用量，余额用到{runsOutAt}（北京时间）。' },
    arrearsLastHour: { title: '余额即将用完', text: '余额用到{runsOutAt}（北京时间），之后进入宽限期。' },
    arrearsGrace: {
      title: '进入宽限期',
      text: '余额用完，宽限期到{stopAt}（北京时间）。照常使用、照常计费，欠{owed}。',
    },
    arrearsGraceLonger: { title: '宽限期延长', text: '停止时间推迟到{stopAt}（北京时间）。欠{owed}。' },
    arrearsStopped: { title: '已停止', text: '宽限期满没有付清，开放结束的预订已停止，卡已交还。欠{owed}。' },
    arrearsRetained: {
      title: '进入保留期',
      text: '作业定义和排队保留到{releaseAt}（北京时间）。欠{owed}，付清即解冻。',
    },
    arrearsReleased: { title: '已释放', text: '保留期满，排队已撤回。欠{owed}；用量、账单和作业定义仍可查看。' },
    arrearsCalm: { title: '预警解除', text: '余额又够用了，或者没有开放结束的预订在运行。可用{spendable}。' },
    arrearsPaid: { title: '欠费已付清', text: '已经解冻，可以重新预订；没有自动启动任何东西。可用{spendable}。' },
    refundApproved: { title: '退款已批准', text: '{amount}正在退回{to}。' },
    refundDeclined: { title: '退款没有批准', text: '{amount}已退回钱包。原因：{reason}' },
    refundPaid: { title: '退款已付出', text: '{amount}已付到{to}，银行流水号{reference}。' },
    refundFailed: { title: '退款没有成功', text: '{amount}已退回钱包。原因：{reason}' },
    slaCredited: {
      title: '可用率赔偿已到账',
      text: '{month}的预订“{reservation}”可用率{availability}，按公布的标准赔偿这个月已付现金的{share}，{amount}{where, select, owed {已从应付款中扣除} both {中{owed}已从应付款中扣除，其余已进入钱包} other {已进入钱包}}，无需申请。',
    },
    slaCreditedMore: {
      title: '可用率赔偿补足',
      text: '{month}的预订“{reservation}”后来查明可用率{availability}，应赔{share}，补足的{amount}{where, select, owed {已从应付款中扣除} both {中{owed}已从应付款中扣除，其余已进入钱包} other {已进入钱包}}。',
    },
    termRefunded: {
      title: '包期已全额退订',
      text: '预订“{reservation}”已退订，{amount}已退回当初付款的钱包和算力券；其中{charged}是已用时间的费用。',
    },
  },
} as const;

export const en: Translation<typeof zh> = {
  title: 'Notices',
  description: 'Every step of money running out, of a stop and of a refund is told here, each once.',
  unread: '{count, number} unread',
  markRead: 'Mark all as read',
  isNew: 'Unread',
  empty: 'No notices yet',
  emptyText: 'Warnings, grace, stops and the results of refunds stand here.',
  pages: 'Pages of notices',
  kind: {
    arrearsWarned: {
      title: 'Money runs short',
      text: 'At the rate of then it lasts until {runsOutAt} (Beijing time).',
    },
    arrearsLastHour: {
      title: 'Money runs out within the hour',
      text: 'It lasts until {runsOutAt} (Beijing time); then its grace begins.',
    },
    arrearsGrace: {
      title: 'Grace began',
      text: 'The money has run out. Grace lasts until {stopAt} (Beijing time): you go on, are charged as before, and owe {owed}.',
    },
    arrearsGraceLonger: { title: 'More grace', text: 'The stop moves to {stopAt} (Beijing time). {owed} is owed.' },
    arrearsStopped: {
      title: 'Stopped',
      text: 'It was not paid within the grace: reservations with an open end were stopped and their cards went back. {owed} is owed.',
    },
    arrearsRetained: {
      title: 'Kept for you',
      text: 'Workload definitions and the queue are kept until {releaseAt} (Beijing time). {owed} is owed; paying unfreezes.',
    },
    arrearsReleased: {
      title: 'Released',
      text: 'The time for keeping is over and the queue was withdrawn. {owed} is owed; usage, invoices and workload definitions stay readable.',
    },
    arrearsCalm: {
      title: 'The warning is over',
      text: 'The money lasts again, or nothing with an open end runs. {spendable} is available.',
    },
    arrearsPaid: {
      title: 'What was owed is paid',
      text: 'You can reserve again; nothing was started by itself. {spendable} is available.',
    },
    refundApproved: { title: 'Refund approved', text: '{amount} is on its way to {to}.' },
    refundDeclined: { title: 'Refund declined', text: '{amount} is back in the wallet. Reason: {reason}' },
    refundPaid: { title: 'Refund paid', text: '{amount} was paid to {to}, bank reference {reference}.' },
    refundFailed: { title: 'Refund failed', text: '{amount} is back in the wallet. Reason: {reason}' },
    slaCredited: {
      title: 'Credited for broken availability',
      text: 'Reservation “{reservation}” was available for {availability} of {month}. By the published table {share} of what you paid in cash for it, {amount}, {where, select, owed {was taken off what you owe} both {was credited: {owed} off what you owe, the rest into the wallet} other {is in the wallet}}; there is nothing to claim.',
    },
    slaCreditedMore: {
      title: 'More credited for broken availability',
      text: 'It was found out that reservation “{reservation}” was available for {availability} of {month}: {share} is due, and the missing {amount} {where, select, owed {was taken off what you owe} both {was credited: {owed} off what you owe, the rest into the wallet} other {is in the wallet}}.',
    },
    termRefunded: {
      title: 'Term refunded in full',
      text: '“{reservation}” is refunded: {amount} went back to the wallet and the vouchers that paid for it, {charged} of it for hours that were used.',
    },
  },
};
