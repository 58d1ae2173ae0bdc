import type { Translation } from '../shape.ts';

/** Why a drain or a maintenance window is not planned. */
export const zh = {
  windowUnknown: { what: '没有这个维护窗口。', safe: '没有任何改动。', todo: '请刷新页面。' },
  windowOver: { what: '这个维护窗口已经结束。', safe: '没有任何改动。', todo: '请刷新页面；需要时另外安排一个。' },
  windowInPast: {
    what: '维护窗口不能从过去开始，也不能在开始之前结束。',
    safe: '没有安排任何维护。',
    todo: '请改开始时间或时长。',
  },
  windowTooLong: {
    what: '维护窗口最长{daysMax, number}天。',
    safe: '没有安排任何维护。',
    todo: '请缩短时长，或者选“直到手动结束”。',
  },
  noticeTooShort: {
    what: '换卡要提前至少{minutesMin, number}分钟通知客户。',
    safe: '没有安排任何维护，也没有人被换卡。',
    todo: '请推迟开始时间，或者选“等他们用完”。',
  },
  windowOverlaps: {
    what: '其中{cards, number}张卡在这段时间已有维护安排，窗口结束后还要留出半小时。',
    safe: '没有安排任何维护，原有的维护窗口不变。',
    todo: '请换个时间，或者先取消原来的维护窗口。',
  },
  drainPlanChanged: {
    what: '您看过方案之后，受影响的预订变了。',
    safe: '没有安排任何维护，没有预订受影响。',
    todo: '请重新推算，看过新方案再确认。',
  },
  promisesStuck: {
    what: '有{promises, number}个已接受的预订没有别处可安排。',
    safe: '没有安排任何维护，这些预订不受影响。',
    todo: '请换个时间，或者少选一些卡。',
  },
  poolUnknown: { what: '没有这个卡池。', safe: '没有任何改动。', todo: '请回到维护页面重新选择。' },
  sparesTaken: {
    what: '空着的卡不够留作备用：需要{needed, number}张没人用的卡，只有{free, number}张。',
    safe: '备用卡的占比没有改变，没有人的卡被收走。',
    todo: '请选小一些的占比，或等一些预订结束后再试。',
  },
  sparesPromised: {
    what: '留这么多备用卡，会有{promises, number}个已接受的预订没有别处可安排。',
    safe: '备用卡的占比没有改变，这些预订不受影响。',
    todo: '请选小一些的占比，或等这些预订结束后再试。',
  },
  drainPlanUnknown: { what: '没有这个方案。', safe: '没有任何改动。', todo: '请重新推算。' },
} as const;

export const en: Translation<typeof zh> = {
  windowUnknown: {
    what: 'There is no such maintenance window.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page.',
  },
  windowOver: {
    what: 'This maintenance window is over.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page; plan another one if it is needed.',
  },
  windowInPast: {
    what: 'A window does not begin in the past, nor end before it begins.',
    safe: 'No maintenance was planned.',
    todo: 'Change the start or the length.',
  },
  windowTooLong: {
    what: 'A window lasts at most {daysMax, plural, one {# day} other {# days}}.',
    safe: 'No maintenance was planned.',
    todo: 'Choose a shorter one, or “until it is ended by hand”.',
  },
  noticeTooShort: {
    what: 'Customers are given at least {minutesMin, number} minutes’ notice before their cards are exchanged.',
    safe: 'No maintenance was planned, and nobody is moved.',
    todo: 'Begin later, or let them finish.',
  },
  windowOverlaps: {
    what: '{cards, plural, one {# of these cards has} other {# of these cards have}} maintenance planned at that time, or in the half hour after it.',
    safe: 'No maintenance was planned, and the other window stands.',
    todo: 'Choose another time, or call the other window off first.',
  },
  drainPlanChanged: {
    what: 'Since you saw the plan, other reservations are hit, or in another way.',
    safe: 'No maintenance was planned, and no reservation is touched.',
    todo: 'Work it out again, look at the new plan, then confirm.',
  },
  promisesStuck: {
    what: '{promises, plural, one {# accepted reservation has} other {# accepted reservations have}} no other place.',
    safe: 'No maintenance was planned, and these reservations stand.',
    todo: 'Choose another time, or fewer cards.',
  },
  poolUnknown: { what: 'There is no such pool.', safe: 'Nothing was changed.', todo: 'Go back and choose it again.' },
  sparesTaken: {
    what: 'Too few cards are nobody’s: {needed, number} more spares are needed, {free, number} could be had.',
    safe: 'The share of spares is as it was, and nobody lost a card.',
    todo: 'Choose a smaller share, or try again when some reservations have ended.',
  },
  sparesPromised: {
    what: 'With so many spares {promises, plural, one {# accepted reservation would have} other {# accepted reservations would have}} no place left.',
    safe: 'The share of spares is as it was, and these reservations stand.',
    todo: 'Choose a smaller share, or try again when they have ended.',
  },
  drainPlanUnknown: {
    what: 'There is no such plan.',
    safe: 'Nothing was changed.',
    todo: 'Work it out again.',
  },
};
