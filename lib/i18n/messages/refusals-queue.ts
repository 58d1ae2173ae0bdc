import type { Translation } from '../shape.ts';

/** Why a job does not join the queue, and why it cannot be taken back. */
export const zh = {
  tierNotSold: {
    what: '这种卡现在不按这个档位排队出售。',
    safe: '没有提交作业，没有扣款。',
    todo: '请换一个档位，或换一种卡。',
  },
  priceCapNotPositive: {
    what: '最高单价必须大于零。',
    safe: '没有提交作业，没有扣款。',
    todo: '请填一个大于零的单价，或留空表示不限。',
  },
  deadlineTooSoon: {
    what: '来不及：就算现在开始，按最长运行时间也要到{earliestEndAt}（北京时间）才结束。',
    safe: '没有提交作业，没有扣款。',
    todo: '请把截止时间往后放，或缩短最长运行时间。',
  },
  projectUnknown: {
    what: '没有这个项目。',
    safe: '没有预订，没有提交作业，没有扣款。',
    todo: '请刷新页面，重新选择项目。',
  },
  projectClosed: {
    what: '这个项目已关闭，不再接受新的预订和作业。',
    safe: '没有预订，没有提交作业，没有扣款；项目里正在使用的照常继续。',
    todo: '请换一个项目，或请所有者重新打开它。',
  },
  jobAboveQuota: {
    what: '卡数超过配额：最多同时使用{quota, number}张，这个作业永远等不到。',
    safe: '没有提交作业，没有扣款。',
    todo: '请减少卡数，或请所有者提高配额。',
  },
  jobAboveLimit: {
    what: '这个作业最多需要{neededUnits}，超过月度支出上限{limitUnits}，永远等不到。',
    safe: '没有提交作业，没有扣款。',
    todo: '请减少卡数或最长运行时间，或请所有者提高上限。',
  },
  queueFull: {
    what: '组织已有{waitingMax, number}个作业在排队，不能再多。',
    safe: '没有提交作业，排队中的作业不变。',
    todo: '请等一些作业开始，或取消不再需要的。',
  },
  reservationOfJob: {
    what: '这个预订是排队作业的，卡数和时长在提交时就定下了，不能改动。',
    safe: '没有任何改动，没有扣款。',
    todo: '可以提前结束作业；需要更久，请用更长的最长运行时间重新提交，或按卡时预订。',
  },
  jobUnknown: { what: '没有这个排队作业。', safe: '没有任何改动。', todo: '请刷新页面。' },
  jobNotInState: {
    what: '这个排队作业已经结束，不能再改动。',
    safe: '没有任何改动。',
    todo: '请刷新页面，看它现在的状态。',
  },
  projectNameTaken: {
    what: '组织里已有同名的项目。',
    safe: '没有任何改动。',
    todo: '请换一个名称。',
  },
  projectsTooMany: {
    what: '项目太多：最多{projectsMax, number}个。',
    safe: '没有任何改动。',
    todo: '请修改已有的项目。',
  },
} as const;

export const en: Translation<typeof zh> = {
  tierNotSold: {
    what: 'These cards are not sold to queued jobs of this tier now.',
    safe: 'No job was submitted and nothing was charged.',
    todo: 'Choose another tier, or other cards.',
  },
  priceCapNotPositive: {
    what: 'The highest price must be above zero.',
    safe: 'No job was submitted and nothing was charged.',
    todo: 'Enter a price above zero, or leave it empty for no limit.',
  },
  deadlineTooSoon: {
    what: 'There is not enough time: started now, with its whole time limit, it would be over at {earliestEndAt} (Beijing time).',
    safe: 'No job was submitted and nothing was charged.',
    todo: 'Move the deadline out, or shorten the time limit.',
  },
  projectUnknown: {
    what: 'There is no such project.',
    safe: 'Nothing was reserved, no job was submitted and nothing was charged.',
    todo: 'Reload the page and choose the project again.',
  },
  projectClosed: {
    what: 'This project is closed and takes no new reservations or jobs.',
    safe: 'Nothing was reserved, no job was submitted and nothing was charged; what runs in the project goes on.',
    todo: 'Choose another project, or ask an owner to open it again.',
  },
  jobAboveQuota: {
    what: 'This is more than the quota of {quota, plural, one {# card} other {# cards}}: the job could never start.',
    safe: 'No job was submitted and nothing was charged.',
    todo: 'Take fewer cards, or ask an owner to raise the quota.',
  },
  jobAboveLimit: {
    what: 'The job needs up to {neededUnits}, which is more than the monthly limit of {limitUnits}: it could never start.',
    safe: 'No job was submitted and nothing was charged.',
    todo: 'Take fewer cards or a shorter time limit, or ask an owner to raise the limit.',
  },
  queueFull: {
    what: 'The organisation already has {waitingMax, number} jobs in the queue, and no more are taken.',
    safe: 'No job was submitted; the jobs in the queue are unchanged.',
    todo: 'Wait until some have started, or cancel those you no longer need.',
  },
  reservationOfJob: {
    what: 'The reservation belongs to a queued job, whose cards and time were agreed when it was submitted.',
    safe: 'Nothing was changed or charged.',
    todo: 'You can end the job early. If it needs longer, submit it with a longer time limit, or book cards by the hour.',
  },
  jobUnknown: { what: 'There is no such queued job.', safe: 'Nothing was changed.', todo: 'Please reload the page.' },
  jobNotInState: {
    what: 'The queued job is over and cannot be changed.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page to see its state.',
  },
  projectNameTaken: {
    what: 'The organisation already has a project of this name.',
    safe: 'Nothing was changed.',
    todo: 'Choose another name.',
  },
  projectsTooMany: {
    what: 'There are too many projects: at most {projectsMax, number}.',
    safe: 'Nothing was changed.',
    todo: 'Change one that exists.',
  },
};
