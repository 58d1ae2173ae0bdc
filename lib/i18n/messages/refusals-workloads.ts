import type { Translation } from '../shape.ts';

export const zh = {
  walltimeOutOfRange: {
    what: '作业的时长上限不在范围内。',
    safe: '没有提交作业，预订不变。',
    todo: '请填1分钟到90天之间的时长。',
  },
  workloadUnknown: { what: '没有这个作业。', safe: '没有任何改动。', todo: '请刷新页面。' },
  workloadNotInState: {
    what: '这个作业现在的状态不允许这样做。',
    safe: '没有任何改动。',
    todo: '请刷新页面，看它现在的状态。',
  },
} as const;

export const en: Translation<typeof zh> = {
  walltimeOutOfRange: {
    what: 'The time limit of the workload is out of range.',
    safe: 'No workload was submitted; the reservation is unchanged.',
    todo: 'Enter a time between 1 minute and 90 days.',
  },
  workloadUnknown: {
    what: 'There is no such workload.',
    safe: 'Nothing was changed.',
    todo: 'Please reload the page.',
  },
  workloadNotInState: {
    what: 'The workload’s state does not allow this now.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page to see its state.',
  },
};
