import type { Translation } from '../shape.ts';

/** Why a queued job waits, and what would start it sooner, by reason. Times that are not known come as `none`. */
const zhWait = {
  notLooked: '刚刚提交，马上安排。',
  firstInLine:
    '排在第一位：需要{cardsNeeded, number}张，现在空{cardsFree, number}张；{startAt, select, none {前面的占用没有约定结束时间，一空出来就开始} other {最晚{startAt}开始}}。',
  tooFewCards:
    '空卡不够：需要{cardsNeeded, number}张，现在空{cardsFree, number}张，前面还有{ahead, number}个作业{earliestStartAt, select, none {} other {；最早{earliestStartAt}有位置}}。',
  fragmented:
    '空卡够但不在一起：需要{cardsNeeded, number}张，空{cardsFree, number}张，一台服务器上最多空{cardsFreeOnServer, number}张，一个超节点里最多空{cardsFreeInSupernode, number}张{earliestStartAt, select, none {} other {；最早{earliestStartAt}有位置}}。',
  tooLongForGap:
    '现在空着的{cardsFree, number}张卡不久要给已承诺的预订，按最长运行时间来不及跑完{earliestStartAt, select, none {} other {；最早{earliestStartAt}有位置}}。',
  wouldDelayFirst:
    '现在开始会推迟排在第一位的作业：需要{cardsNeeded, number}张，空{cardsFree, number}张，前面还有{ahead, number}个作业。',
  poolTooSmall: '需要{cardsNeeded, number}张，而现在能用的总共只有{cardsUsable, number}张；修好的卡回来后会再看。',
  ourFault: '我们的系统没能记下它的开始；没有扣款，{retryAt}自动再试。',
  notSold: '这个档位现在不出售，恢复出售后会再看。',
  imageRetired: '所选镜像已停用，不能开始；请取消后换一个镜像提交。',
  projectClosed: '项目已关闭，重新打开后会再看。',
  priceAboveCap: '运行期间单价最高{price}一卡时，高于您的上限{cap}；降到上限以内就会安排。',
  organisationQuota:
    '组织的卡数配额不够：上限{quota, number}张，已用{inUse, number}张，还需要{cardsNeeded, number}张。',
  projectQuota: '项目的卡数配额不够：上限{quota, number}张，已用{inUse, number}张，还需要{cardsNeeded, number}张。',
  organisationLimit: '会超过组织的月度支出上限{limit}：本月已承诺{committed}，开始时要冻结{needed}。',
  projectLimit: '会超过项目的月度支出上限{limit}：本月已承诺{committed}，开始时要冻结{needed}。',
  funds: '余额不够：开始时要冻结{needed}，可用{available}。别的作业先开始，充值后马上再看。',
} as const;

const enWait: Translation<typeof zhWait> = {
  notLooked: 'Just submitted; it is about to be looked at.',
  firstInLine:
    'First in line: it needs {cardsNeeded, plural, one {# card} other {# cards}}, {cardsFree, number} are free now; {startAt, select, none {what is in its way has no agreed end, and it starts as soon as that ends} other {it starts at {startAt} at the latest}}.',
  tooFewCards:
    'Too few free cards: it needs {cardsNeeded, number}, {cardsFree, number} are free, {ahead, plural, one {# job is} other {# jobs are}} ahead of it{earliestStartAt, select, none {} other {; there is room at {earliestStartAt} at the earliest}}.',
  fragmented:
    'Enough cards are free, but not together: it needs {cardsNeeded, number} of {cardsFree, number} free, with at most {cardsFreeOnServer, number} on one server and {cardsFreeInSupernode, number} in one supernode{earliestStartAt, select, none {} other {; there is room at {earliestStartAt} at the earliest}}.',
  tooLongForGap:
    '{cardsFree, plural, one {# card is} other {# cards are}} free now but promised to reservations before it would be over{earliestStartAt, select, none {} other {; there is room at {earliestStartAt} at the earliest}}.',
  wouldDelayFirst:
    'To start now would delay the first in line: it needs {cardsNeeded, number} of {cardsFree, number} free cards, {ahead, plural, one {# job is} other {# jobs are}} ahead of it.',
  poolTooSmall:
    'It needs {cardsNeeded, plural, one {# card} other {# cards}}, and only {cardsUsable, number} can be used at all now; it is looked at again when repaired cards are back.',
  ourFault:
    'Its start could not be recorded by a fault of ours; nothing was charged, and it is tried again at {retryAt}.',
  notSold: 'This tier is not sold now; it is looked at again when it is.',
  imageRetired: 'Its image is retired, so it cannot start: cancel it and submit it with another image.',
  projectClosed: 'Its project is closed; it is looked at again when the project is open.',
  priceAboveCap:
    'The price while it would run is up to {price} a card-hour, above your cap of {cap}; it is looked at again when the price is within it.',
  organisationQuota:
    'The organisation’s quota of {quota, plural, one {# card} other {# cards}} is not enough: {inUse, number} in use, {cardsNeeded, number} needed.',
  projectQuota:
    'The project’s quota of {quota, plural, one {# card} other {# cards}} is not enough: {inUse, number} in use, {cardsNeeded, number} needed.',
  organisationLimit:
    'It would pass the organisation’s monthly limit of {limit}: {committed} is committed this month, and the start holds {needed}.',
  projectLimit:
    'It would pass the project’s monthly limit of {limit}: {committed} is committed this month, and the start holds {needed}.',
  funds:
    'Too little money: the start holds {needed}, {available} is available. Others start before it; a top-up is noticed at once.',
};

const zhSooner = {
  firstInLine: '减少卡数，或提交为加急档，可能更早。',
  tooFewCards: '减少卡数，缩短最长运行时间，或提交为加急档，可能更早。',
  fragmented: '减少到一台服务器放得下的卡数，或不限距离，可能更早。',
  tooLongForGap: '缩短最长运行时间，就能用上这段空档。',
  wouldDelayFirst: '缩短最长运行时间或减少卡数，就不会碍着前面的作业。',
  poolTooSmall: '减少卡数，或换一个卡更多的站点。',
  ourFault: '不用做什么；如果一直这样，请告诉我们。',
  notSold: '换一个档位重新提交。',
  imageRetired: '换一个镜像重新提交。',
  projectClosed: '重新打开项目，或在别的项目下重新提交。',
  priceAboveCap: '提高单价上限，或改为弹性档；夜间单价也可能更低。',
  organisationQuota: '等别的预订结束，减少卡数，或联系我们提高配额。',
  projectQuota: '等项目里别的作业结束，减少卡数，或请所有者提高项目配额。',
  organisationLimit: '请所有者提高月度上限，或等到下个月。',
  projectLimit: '请所有者提高项目的月度上限，或等到下个月。',
  funds: '充值，或减少卡数和最长运行时间。',
} as const;

const enSooner: Translation<typeof zhSooner> = {
  firstInLine: 'Fewer cards, or the urgent tier, may start sooner.',
  tooFewCards: 'Fewer cards, a shorter time limit, or the urgent tier may start sooner.',
  fragmented: 'So few cards that they fit on one server, or cards anywhere, may start sooner.',
  tooLongForGap: 'A shorter time limit could use the gap.',
  wouldDelayFirst: 'A shorter time limit or fewer cards would be in nobody’s way.',
  poolTooSmall: 'Take fewer cards, or a site that has more.',
  ourFault: 'Nothing needs to be done; tell us if it stays so.',
  notSold: 'Submit it again in another tier.',
  imageRetired: 'Submit it again with another image.',
  projectClosed: 'Open the project again, or submit it under another.',
  priceAboveCap: 'Raise the cap, or take the flex tier; nights may be cheaper too.',
  organisationQuota: 'Wait for other reservations to end, take fewer cards, or ask us to raise the quota.',
  projectQuota: 'Wait for other jobs of the project, take fewer cards, or ask an owner to raise its quota.',
  organisationLimit: 'Ask an owner to raise the monthly limit, or wait for the next month.',
  projectLimit: 'Ask an owner to raise the project’s monthly limit, or wait for the next month.',
  funds: 'Top up, or take fewer cards or a shorter time limit.',
};

export const zh = { wait: zhWait, sooner: zhSooner } as const;
export const en: Translation<typeof zh> = { wait: enWait, sooner: enSooner };
