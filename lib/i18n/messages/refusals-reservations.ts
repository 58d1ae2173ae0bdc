import type { Translation } from '../shape.ts';

/** What cannot be quoted, reserved, changed or bound. Times that are not known come as `none`. */
export const zh = {
  skuUnknown: { what: '没有这个在售的品类。', safe: '没有任何改动。', todo: '请刷新页面，重新选择。' },
  cardsOutOfRange: { what: '卡数不在范围内。', safe: '没有任何改动。', todo: '请选1到{cardsMax, number}张卡。' },
  startInPast: { what: '开始时间已经过去。', safe: '没有扣款，也没有冻结。', todo: '请选现在，或之后的整点。' },
  startNotOnHour: { what: '开始时间不是整点。', safe: '没有任何改动。', todo: '请选一个整点，或选现在。' },
  startBeyondHorizon: {
    what: '开始时间太远，最多提前{horizonDays, number}天。',
    safe: '没有任何改动。',
    todo: '请选近一些的时间。',
  },
  endBeyondHorizon: {
    what: '结束时间太远，最多到{horizonDays, number}天之后。',
    safe: '没有任何改动。',
    todo: '请缩短时长，或选早一些的开始时间。',
  },
  durationOutOfRange: { what: '时长不在范围内。', safe: '没有扣款，也没有冻结。', todo: '请换一个时长。' },
  termUnknown: { what: '没有这种期限。', safe: '没有任何改动。', todo: '请选一天、一周或一个月。' },
  topologyTooSmall: {
    what: '这么多卡放不进所选的范围。',
    safe: '没有任何改动。',
    todo: '请选不超过{cardsMax, number}张卡，或放宽拓扑要求。',
  },
  notWholeServers: {
    what: '卡数凑不成整台服务器。',
    safe: '没有任何改动。',
    todo: '请选{cardsPerServer, number}的倍数。',
  },
  notWholeSupernodes: {
    what: '卡数凑不成整个超节点。',
    safe: '没有任何改动。',
    todo: '请选{cardsPerSupernode, number}的倍数。',
  },
  segmentsImpossible: {
    what: '这些卡分不成所选的段。',
    safe: '没有任何改动。',
    todo: '请让每段在同一台服务器或同一个超节点里，每段不超过{cardsMax, number}张，总卡数是每段的倍数。',
  },
  notWholeSegments: {
    what: '归还的卡凑不成整段。',
    safe: '没有任何改动。',
    todo: '请选{segmentCards, number}的倍数，每段要还就整段还。',
  },
  imageUnknown: { what: '没有这个镜像。', safe: '没有任何改动。', todo: '请刷新页面，重新选择。' },
  imageIncompatible: {
    what: '镜像与这些卡的驱动不匹配。',
    safe: '没有扣款，也没有冻结。',
    todo: '请选一个匹配的镜像，或另一种卡。',
  },
  quoteUnknown: { what: '没有这份报价。', safe: '没有扣款，也没有冻结。', todo: '请重新报价。' },
  quoteExpired: { what: '报价已过期。', safe: '没有扣款，也没有冻结。', todo: '请重新报价，看过新的总价再预订。' },
  quoteChanged: { what: '条件变了，原来的报价不再成立。', safe: '没有扣款，也没有冻结。', todo: '请重新报价。' },
  priceRetired: { what: '报价所用的价格已经停用。', safe: '没有扣款，也没有冻结。', todo: '请按现在的价格重新报价。' },
  reservationUnknown: { what: '没有这个预订。', safe: '没有任何改动。', todo: '请刷新页面。' },
  reservationNotInState: {
    what: '这个预订现在的状态不允许这样做。',
    safe: '没有任何改动。',
    todo: '请刷新页面，看它现在的状态。',
  },
  cardUnknown: { what: '没有这张卡。', safe: '没有任何改动。', todo: '请刷新页面。' },
  quotaExceeded: {
    what: '超出组织的卡数配额：上限{quota, number}张，已占用{inUse, number}张。',
    safe: '没有扣款，也没有冻结。',
    todo: '请减少卡数，等别的预订结束，或联系我们提高配额。',
  },
  projectQuotaExceeded: {
    what: '超出项目的卡数配额：上限{quota, number}张，已占用{inUse, number}张。',
    safe: '没有扣款，也没有冻结；项目里已有的预订不变。',
    todo: '请减少卡数，等项目里别的预订结束，换一个项目，或请所有者提高项目的配额。',
  },
  projectLimitExceeded: {
    what: '超出项目的月度支出上限：上限{limitUnits}，本月已承诺{committedUnits}。',
    safe: '没有扣款，也没有冻结；项目里已有的预订不变。',
    todo: '请减少卡数或时长，换一个项目，或请所有者提高项目的上限。',
  },
  spendingLimitExceeded: {
    what: '超出组织的月度支出上限：上限{limitUnits}，本月已承诺{committedUnits}。',
    safe: '没有扣款，也没有冻结。',
    todo: '请减少卡数或时长，或请所有者提高上限。',
  },
  capacityExhausted: {
    what: '这段时间的空卡不够：需要{needed, number}张，空闲{free, number}张。',
    safe: '没有扣款，也没有冻结。',
    todo: '{earliestStartAt, select, none {请减少卡数，或换一个时间。} other {最早可以从{earliestStartAt}开始（北京时间）；也可以减少卡数。}}',
  },
  placementImpossible: {
    what: '卡数够，但摆不成所选的拓扑：需要{needed, number}张，空闲{free, number}张。',
    safe: '没有扣款，也没有冻结。',
    todo: '{earliestStartAt, select, none {请放宽拓扑要求，或换一个时间。} other {最早可以从{earliestStartAt}开始（北京时间）；也可以放宽拓扑要求。}}',
  },
  extensionBlocked: {
    what: '后面的时间有{cards, number}张卡已被别人预订，延不了这么久。',
    safe: '原来的预订不变，没有扣款。',
    todo: '请缩短延长的时间，或另订一段。',
  },
  fundsInsufficient: {
    what: '钱包余额不够：需要{neededUnits}，可用{availableUnits}。',
    safe: '没有扣款，也没有冻结。',
    todo: '请先充值，或减少卡数和时长。',
  },
  idempotencyKeyReused: {
    what: '这个页面的提交编号已经用于另一个请求。',
    safe: '先前那次的结果不变，这一次没有扣款。',
    todo: '请刷新页面，核对结果后再提交。',
  },
  decisionPending: {
    what: '请求已收到，还没有得到答复。',
    safe: '重复提交不会重复预订，也不会重复扣费。',
    todo: '请稍候刷新预订列表查看结果。',
  },
  decisionFailed: {
    what: '我们的系统没能记下这个决定。',
    safe: '没有任何改动，没有扣款，也没有冻结。',
    todo: '请稍后再试；如果再次发生，请告诉我们。',
  },
} as const;

export const en: Translation<typeof zh> = {
  skuUnknown: { what: 'This is not on sale.', safe: 'Nothing was changed.', todo: 'Reload the page and choose again.' },
  cardsOutOfRange: {
    what: 'The number of cards is out of range.',
    safe: 'Nothing was changed.',
    todo: 'Choose 1 to {cardsMax, number} cards.',
  },
  startInPast: {
    what: 'The start is in the past.',
    safe: 'Nothing was charged or held.',
    todo: 'Choose now, or a full hour to come.',
  },
  startNotOnHour: {
    what: 'The start is not on a full hour.',
    safe: 'Nothing was changed.',
    todo: 'Choose a full hour, or now.',
  },
  startBeyondHorizon: {
    what: 'The start is too far away: at most {horizonDays, number} days ahead.',
    safe: 'Nothing was changed.',
    todo: 'Choose a nearer start.',
  },
  endBeyondHorizon: {
    what: 'The end is too far away: at most {horizonDays, number} days ahead.',
    safe: 'Nothing was changed.',
    todo: 'Take fewer hours, or start earlier.',
  },
  durationOutOfRange: {
    what: 'The number of hours is out of range.',
    safe: 'Nothing was charged or held.',
    todo: 'Choose another number of hours.',
  },
  termUnknown: {
    what: 'There is no such term.',
    safe: 'Nothing was changed.',
    todo: 'Choose a day, a week or a month.',
  },
  topologyTooSmall: {
    what: 'So many cards do not fit into the chosen part of the fleet.',
    safe: 'Nothing was changed.',
    todo: 'Choose at most {cardsMax, number} cards, or a wider topology.',
  },
  notWholeServers: {
    what: 'These cards do not make whole servers.',
    safe: 'Nothing was changed.',
    todo: 'Choose a multiple of {cardsPerServer, number}.',
  },
  notWholeSupernodes: {
    what: 'These cards do not make whole supernodes.',
    safe: 'Nothing was changed.',
    todo: 'Choose a multiple of {cardsPerSupernode, number}.',
  },
  segmentsImpossible: {
    what: 'These cards cannot be cut into such segments.',
    safe: 'Nothing was changed.',
    todo: 'Put each segment on one server or in one supernode, with at most {cardsMax, number} cards, and take a multiple of it.',
  },
  notWholeSegments: {
    what: 'These cards do not make whole segments.',
    safe: 'Nothing was changed.',
    todo: 'Choose a multiple of {segmentCards, number}, and give each segment back whole.',
  },
  imageUnknown: {
    what: 'There is no such image.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page and choose again.',
  },
  imageIncompatible: {
    what: 'The image does not match the driver of these cards.',
    safe: 'Nothing was charged or held.',
    todo: 'Choose an image that matches, or other cards.',
  },
  quoteUnknown: { what: 'There is no such quote.', safe: 'Nothing was charged or held.', todo: 'Ask for a new quote.' },
  quoteExpired: {
    what: 'The quote has expired.',
    safe: 'Nothing was charged or held.',
    todo: 'Ask for a new quote and look at its total first.',
  },
  quoteChanged: {
    what: 'Conditions have changed, and the quote no longer holds.',
    safe: 'Nothing was charged or held.',
    todo: 'Ask for a new quote.',
  },
  priceRetired: {
    what: 'The price of the quote is no longer in use.',
    safe: 'Nothing was charged or held.',
    todo: 'Ask for a quote at the present price.',
  },
  reservationUnknown: {
    what: 'There is no such reservation.',
    safe: 'Nothing was changed.',
    todo: 'Please reload the page.',
  },
  reservationNotInState: {
    what: 'The reservation’s state does not allow this now.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page to see its state.',
  },
  cardUnknown: { what: 'There is no such card.', safe: 'Nothing was changed.', todo: 'Please reload the page.' },
  quotaExceeded: {
    what: 'This exceeds the organisation’s quota: at most {quota, number} cards, {inUse, number} in use.',
    safe: 'Nothing was charged or held.',
    todo: 'Take fewer cards, wait for a reservation to end, or ask us for a higher quota.',
  },
  projectQuotaExceeded: {
    what: 'This exceeds the project’s quota: at most {quota, number} cards, {inUse, number} in use.',
    safe: 'Nothing was charged or held; what the project has reserved stays as it is.',
    todo: 'Take fewer cards, wait for one of the project’s reservations to end, choose another project, or ask an owner to raise its quota.',
  },
  projectLimitExceeded: {
    what: 'This exceeds the project’s monthly limit: {limitUnits}, of which {committedUnits} is committed.',
    safe: 'Nothing was charged or held; what the project has reserved stays as it is.',
    todo: 'Take fewer cards or hours, choose another project, or ask an owner to raise its limit.',
  },
  spendingLimitExceeded: {
    what: 'This exceeds the organisation’s monthly limit: {limitUnits}, of which {committedUnits} is committed.',
    safe: 'Nothing was charged or held.',
    todo: 'Take fewer cards or hours, or ask an owner to raise the limit.',
  },
  capacityExhausted: {
    what: 'Not enough cards are free in this time: {needed, number} needed, {free, number} free.',
    safe: 'Nothing was charged or held.',
    todo: '{earliestStartAt, select, none {Take fewer cards or another time.} other {The earliest start is {earliestStartAt} (Beijing time); fewer cards may fit before.}}',
  },
  placementImpossible: {
    what: 'The cards are there but not close enough together: {needed, number} needed, {free, number} free.',
    safe: 'Nothing was charged or held.',
    todo: '{earliestStartAt, select, none {Choose a wider topology or another time.} other {The earliest start is {earliestStartAt} (Beijing time); a wider topology may fit before.}}',
  },
  extensionBlocked: {
    what: 'Others have reserved {cards, plural, one {# of the cards} other {# of the cards}} for the time after.',
    safe: 'Your reservation is unchanged and nothing was charged.',
    todo: 'Extend by less, or make another reservation.',
  },
  fundsInsufficient: {
    what: 'The wallet does not hold enough: {neededUnits} needed, {availableUnits} available.',
    safe: 'Nothing was charged or held.',
    todo: 'Top up first, or take fewer cards or hours.',
  },
  idempotencyKeyReused: {
    what: 'This page has already sent another request under the same number.',
    safe: 'The earlier result stands, and nothing was charged this time.',
    todo: 'Reload the page, look at the result and submit again.',
  },
  decisionPending: {
    what: 'Your request has arrived and is not answered yet.',
    safe: 'Sending it again neither reserves nor charges twice.',
    todo: 'Look at your reservations in a moment.',
  },
  decisionFailed: {
    what: 'Our system could not record the decision.',
    safe: 'Nothing was changed, charged or held.',
    todo: 'Try again in a moment; if it happens again, please tell us.',
  },
};
