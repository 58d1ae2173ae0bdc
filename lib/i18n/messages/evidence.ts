import type { Translation } from '../shape.ts';

/** What devices reported late, for operations. */
export const zh = {
  title: '晚到的证据',
  lead: '设备后来才报告的停机。引擎自己取用：已经计费的小时按差额更正，超过36小时的留给人处理。',
  reported: '报告时间',
  allocation: '分配',
  from: '开始',
  to: '结束',
  said: '内容',
  proven: '其实在运行',
  notProven: '其实没有运行',
  outcome: '结果',
  outcomes: {
    waits: '等待',
    taken: '已取用',
    tooOld: '太久，未取用',
    evidenceReasonMissing: '没有依据',
    allocationUnknown: '没有这个分配',
    evidenceOutside: '不在分配之内',
    evidenceKnown: '本来就知道',
    lateChargeUnpaid: '钱包不够，未补收',
  },
  empty: '没有晚到的证据',
  emptyText: '设备报告的每件事都在计费之前到了。',
  pages: '晚到证据翻页',
} as const;

export const en: Translation<typeof zh> = {
  title: 'Late evidence',
  lead: 'Failures that devices reported late. The engine takes them itself and corrects hours that were charged; what reaches back more than 36 hours is left to people.',
  reported: 'Reported',
  allocation: 'Allocation',
  from: 'From',
  to: 'To',
  said: 'What it says',
  proven: 'It was up after all',
  notProven: 'It was not up',
  outcome: 'Outcome',
  outcomes: {
    waits: 'Waits',
    taken: 'Taken',
    tooOld: 'Too old to be taken',
    evidenceReasonMissing: 'No reason given',
    allocationUnknown: 'No such allocation',
    evidenceOutside: 'Outside the allocation',
    evidenceKnown: 'Known already',
    lateChargeUnpaid: 'The wallet did not pay it',
  },
  empty: 'No evidence came late',
  emptyText: 'All that devices reported came before its hour was charged.',
  pages: 'Pages of late evidence',
};
