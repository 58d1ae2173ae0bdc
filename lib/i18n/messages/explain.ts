import type { Translation } from '../shape.ts';

/** Why something waits or was refused: for every reason what happened, what is safe, what to do; then its numbers. */
export const zh = {
  token: {
    awaitingDecision: {
      what: '请求已收到，系统正在决定。',
      safe: '重复提交不会重复预订，也不会重复扣费。',
      todo: '请稍候，这一页会自己更新。',
    },
    systemFault: {
      what: '我们的系统没能记下这个决定。',
      safe: '没有任何改动，没有扣款，也没有冻结。',
      todo: '请稍后再试；如果再次发生，请告诉我们。',
    },
    misconfigured: {
      what: '这个卡池在任何时间都满足不了这样的要求。',
      safe: '没有扣款，也没有冻结。',
      todo: '请减少卡数，或放宽拓扑要求。',
    },
    quoteOutdated: {
      what: '报价不再成立。',
      safe: '没有扣款，也没有冻结。',
      todo: '请重新报价，看过新的总价再预订。',
    },
    deadlineMissed: {
      what: '在截止时间之前已经来不及跑完。',
      safe: '没有扣款，也没有冻结。',
      todo: '请推迟截止时间，或缩短运行时长。',
    },
    priceAboveCap: {
      what: '现在的价格高于设定的价格上限。',
      safe: '价格降下来之前不会开始，也不会扣款。',
      todo: '可以等价格降低，或提高价格上限。',
    },
    quotaExceeded: {
      what: '超出组织的卡数配额。',
      safe: '没有扣款，也没有冻结。',
      todo: '请减少卡数，等别的预订结束，或联系我们提高配额。',
    },
    spendingLimit: {
      what: '超出组织的月度支出上限。',
      safe: '没有扣款，也没有冻结。',
      todo: '请减少卡数或时长，或请所有者提高上限。',
    },
    tooLongForGap: {
      what: '{needed, number}张卡开始时有空，但空不了这么久：之后有卡已被别人预订。',
      safe: '已有的预订不变，没有扣款，也没有冻结。',
      todo: '请缩短时长，或换一个时间。',
    },
    fragmentedAcrossServers: {
      what: '卡数够，但不在一起：需要{needed, number}张，空闲{freeCards, number}张，一台服务器上最多{largestOnServer, number}张，整台空闲的服务器有{idleServers, number}台。',
      safe: '没有扣款，也没有冻结。',
      todo: '请放宽拓扑要求、减少卡数，或换一个时间。',
    },
    fragmentedAcrossSupernodes: {
      what: '卡数够，但分散在不同的超节点：需要{needed, number}张，空闲{freeCards, number}张，一个超节点里最多{largestOnSupernode, number}张，整个空闲的超节点有{idleSupernodes, number}个。',
      safe: '没有扣款，也没有冻结。',
      todo: '请放宽拓扑要求、减少卡数，或换一个时间。',
    },
    blockedByReservation: {
      what: '这些卡现在空闲，但很快要交给别人的预订，留出的时间不够。',
      safe: '已有的预订不变，没有扣款，也没有冻结。',
      todo: '请换一个时间，或减少卡数。',
    },
    blockedByMaintenance: {
      what: '有{maintenanceCards, number}张卡正在维护或已停止接新，少了它们就放不下：需要{needed, number}张。',
      safe: '已有的预订不变，没有扣款，也没有冻结。',
      todo: '请减少卡数，或等维护结束后再试。',
    },
    waitingForRepair: {
      what: '{missing, plural, =0 {有{repairCards, number}张卡故障，少了它们就放不下：需要{needed, number}张。} other {缺{missing, number}张卡，在约定的拓扑范围内没有空闲的卡可换，要等修复或有卡空出；{freeElsewhere, plural, =0 {别处也没有空闲的卡。} other {别处有{freeElsewhere, number}张空闲，但换过去会破坏约定的拓扑。}}}}',
      safe: '{missing, plural, =0 {没有扣款，也没有冻结。} other {从最后一次证实健康起，缺的卡不计费；其余的卡照常运行。}}',
      todo: '{missing, plural, =0 {请减少卡数，或稍后再试。} other {不用操作，系统每分钟再试一次，下一次在{nextTryAt}（北京时间）。}}',
    },
    capacityExhausted: {
      what: '这段时间的空卡不够：需要{needed, number}张，空闲{freeCards, number}张。',
      safe: '没有扣款，也没有冻结。',
      todo: '{earliestStartAt, select, none {请减少卡数，或换一个时间。} other {最早可以从{earliestStartAt}开始（北京时间）；也可以减少卡数。}}',
    },
    fundsInsufficient: {
      what: '钱包余额不够。',
      safe: '没有扣款，也没有冻结。',
      todo: '请先充值，或减少卡数和时长。',
    },
    waitingForPreemption: {
      what: '正在等弹性作业让出卡，它们已收到通知。',
      safe: '开始之前不计费。',
      todo: '不用操作，卡一让出就开始。',
    },
    behindInQueue: {
      what: '现在开始会推迟排在前面的作业。',
      safe: '开始之前不计费，位置不会丢。',
      todo: '可以缩短运行时长或减少卡数，更容易插进空档。',
    },
    firstInLine: {
      what: '排在第一位，等{needed, number}张卡空出。',
      safe: '开始之前不计费。',
      todo: '不用操作，卡够了就开始。',
    },
    waitingForReplacement: {
      what: '{missing, number}张卡故障，正在更换。从最后一次证实健康起，故障的卡不计费。',
      safe: '其余的卡照常运行。',
      todo: '不用操作，系统在{nextTryAt}（北京时间）更换。',
    },
    waitingForStart: {
      what: '{isBound, select, yes {卡已分配，等待开始。} other {卡在开始前30分钟分配，即{bindAt}（北京时间）；在那之前计划可以调整，承诺的卡数、时间和拓扑不变。}}',
      safe: '{replans, plural, =0 {在开始之前取消，冻结的钱全部返还。} other {为了给别的预订腾位置，计划调整过{replans, number}次，最近在{replannedAt}，承诺不变。在开始之前取消，冻结的钱全部返还。}}',
      todo: '不用操作，到时自动开始。',
    },
  },
  fact: {
    free: '这段时间空闲：{cards, number}张；一台服务器上最多{largestOnServer, number}张，一个超节点里最多{largestOnSupernode, number}张；整台空闲的服务器{idleServers, number}台，整个空闲的超节点{idleSupernodes, number}个。',
    reservation: '最紧的时候，{count, number}个预订占着{cards, number}张卡。',
    own: '其中是你们自己的：{names}。',
    firstOver: '最先结束的在{at}（北京时间）。',
    maintenance: '维护或停止接新：{cards, number}张。',
    repair: '故障或观察中：{cards, number}张。',
    earliest: '最早可以从{at}开始（北京时间）。',
    noEarliest: '近期没有找到能整单开始的时间。',
    lostCard: '缺的卡：{names}。',
  },
  ops: {
    title: '为什么',
    crumbs: '预订',
    why: '原因',
    needed: '需要的卡',
    token: '原因代码',
    earliest: '最早开始',
    none: '没有',
    noBlockers: '没有东西挡在前面',
    blockers: '挡在前面的',
    noBlockersText: '没有别的预订、维护或故障影响它。',
    blockersNote: '只列出最先结束的几个；数目按全部计算。',
    kind: '种类',
    id: '编号',
    organisation: '组织',
    cards: '卡',
    until: '到',
    unknownUntil: '未知',
    kinds: { reservation: '预订', maintenance: '维护', repair: '维修' },
    sooner: '怎样能更早',
    fine: '没有在等什么',
    fineText: '这个预订没有被拒绝，也没有缺卡，不需要解释。',
    change: {
      looserTopology: '放宽到{value}',
      fewerCards: '{value}张卡',
      shorter: '{value}小时',
      otherPool: '卡池{value}',
    },
    at: '从{at}',
  },
} as const;

export const en: Translation<typeof zh> = {
  token: {
    awaitingDecision: {
      what: 'Your request has arrived and is being decided.',
      safe: 'Sending it again neither reserves nor charges twice.',
      todo: 'Wait a moment: this page updates by itself.',
    },
    systemFault: {
      what: 'Our system could not record the decision.',
      safe: 'Nothing was changed, charged or held.',
      todo: 'Try again in a moment; if it happens again, please tell us.',
    },
    misconfigured: {
      what: 'This pool can never give what was asked for.',
      safe: 'Nothing was charged or held.',
      todo: 'Take fewer cards or a wider topology.',
    },
    quoteOutdated: {
      what: 'The quote no longer holds.',
      safe: 'Nothing was charged or held.',
      todo: 'Ask for a new quote and look at its total first.',
    },
    deadlineMissed: {
      what: 'It can no longer be over by its deadline.',
      safe: 'Nothing was charged or held.',
      todo: 'Set a later deadline or a shorter run time.',
    },
    priceAboveCap: {
      what: 'The price is above the limit that was set for it.',
      safe: 'It does not start, and costs nothing, until the price is lower.',
      todo: 'Wait for a lower price, or accept a higher one.',
    },
    quotaExceeded: {
      what: 'This exceeds the organisation’s quota of cards.',
      safe: 'Nothing was charged or held.',
      todo: 'Take fewer cards, wait for a reservation to end, or ask us for a higher quota.',
    },
    spendingLimit: {
      what: 'This exceeds the organisation’s monthly limit.',
      safe: 'Nothing was charged or held.',
      todo: 'Take fewer cards or hours, or ask an owner to raise the limit.',
    },
    tooLongForGap: {
      what: '{needed, plural, one {# card is} other {# cards are}} free at the start, but not for so long: others have reserved cards for later.',
      safe: 'Existing reservations are unchanged. Nothing was charged or held.',
      todo: 'Take fewer hours, or another time.',
    },
    fragmentedAcrossServers: {
      what: 'The cards are there but not together: {needed, number} needed, {freeCards, number} free, at most {largestOnServer, number} on one server, {idleServers, plural, one {# idle server} other {# idle servers}}.',
      safe: 'Nothing was charged or held.',
      todo: 'Choose a wider topology, fewer cards or another time.',
    },
    fragmentedAcrossSupernodes: {
      what: 'The cards are there but spread over supernodes: {needed, number} needed, {freeCards, number} free, at most {largestOnSupernode, number} in one supernode, {idleSupernodes, plural, one {# idle supernode} other {# idle supernodes}}.',
      safe: 'Nothing was charged or held.',
      todo: 'Choose a wider topology, fewer cards or another time.',
    },
    blockedByReservation: {
      what: 'The cards are free now but promised to another reservation too soon.',
      safe: 'Existing reservations are unchanged. Nothing was charged or held.',
      todo: 'Take another time or fewer cards.',
    },
    blockedByMaintenance: {
      what: '{maintenanceCards, plural, one {# card is} other {# cards are}} in maintenance or closed to new work, which leaves too little room: {needed, number} needed.',
      safe: 'Existing reservations are unchanged. Nothing was charged or held.',
      todo: 'Take fewer cards, or try again after the maintenance.',
    },
    waitingForRepair: {
      what: '{missing, plural, =0 {{repairCards, plural, one {# card has} other {# cards have}} failed, which leaves too little room: {needed, number} needed.} one {# card is missing and none is free within the topology that was agreed, so it waits for a repair or a free card; {freeElsewhere, plural, =0 {none is free elsewhere either} other {# free elsewhere would break the topology}}.} other {# cards are missing and none is free within the topology that was agreed, so they wait for a repair or free cards; {freeElsewhere, plural, =0 {none is free elsewhere either} other {# free elsewhere would break the topology}}.}}',
      safe: '{missing, plural, =0 {Nothing was charged or held.} other {A missing card is not charged from its last proof of health on; the others go on running.}}',
      todo: '{missing, plural, =0 {Take fewer cards, or try again later.} other {Nothing to do: it is tried again every minute, next at {nextTryAt} (Beijing time).}}',
    },
    capacityExhausted: {
      what: 'Not enough cards are free in this time: {needed, number} needed, {freeCards, number} free.',
      safe: 'Nothing was charged or held.',
      todo: '{earliestStartAt, select, none {Take fewer cards or another time.} other {The earliest start is {earliestStartAt} (Beijing time); fewer cards may fit before.}}',
    },
    fundsInsufficient: {
      what: 'The wallet does not hold enough.',
      safe: 'Nothing was charged or held.',
      todo: 'Top up first, or take fewer cards or hours.',
    },
    waitingForPreemption: {
      what: 'It waits for flexible workloads to leave; they have had notice.',
      safe: 'Nothing is charged before it starts.',
      todo: 'Nothing to do: it starts as soon as they have left.',
    },
    behindInQueue: {
      what: 'Starting now would delay a workload that is ahead.',
      safe: 'Nothing is charged before it starts, and its place is kept.',
      todo: 'A shorter run time or fewer cards fit into gaps more easily.',
    },
    firstInLine: {
      what: 'It is first in line and waits for {needed, plural, one {# card} other {# cards}}.',
      safe: 'Nothing is charged before it starts.',
      todo: 'Nothing to do: it starts as soon as the cards are free.',
    },
    waitingForReplacement: {
      what: '{missing, plural, one {# card has failed and is} other {# cards have failed and are}} being replaced. A failed card is not charged from its last proof of health on.',
      safe: 'The other cards go on running.',
      todo: 'Nothing to do: the replacement is due at {nextTryAt} (Beijing time).',
    },
    waitingForStart: {
      what: '{isBound, select, yes {The cards are assigned; it waits for its start.} other {Cards are assigned 30 minutes before the start, at {bindAt} (Beijing time). Until then the plan may change; what was promised does not.}}',
      safe: '{replans, plural, =0 {Cancel before the start and everything held returns.} one {The plan was changed once to make room for others, at {replannedAt}; the promise is the same. Cancel before the start and everything held returns.} other {The plan was changed # times to make room for others, last at {replannedAt}; the promise is the same. Cancel before the start and everything held returns.}}',
      todo: 'Nothing to do: it starts by itself.',
    },
  },
  fact: {
    free: 'Free in this time: {cards, number}; at most {largestOnServer, number} on one server and {largestOnSupernode, number} in one supernode; {idleServers, plural, one {# idle server} other {# idle servers}}, {idleSupernodes, plural, one {# idle supernode} other {# idle supernodes}}.',
    reservation:
      'At the tightest moment {count, plural, one {# reservation holds} other {# reservations hold}} {cards, plural, one {# card} other {# cards}}.',
    own: 'Your own among them: {names}.',
    firstOver: 'The first of them is over at {at} (Beijing time).',
    maintenance: 'In maintenance or closed to new work: {cards, number}.',
    repair: 'Failed or on probation: {cards, number}.',
    earliest: 'The earliest start is {at} (Beijing time).',
    noEarliest: 'No start for all of it was found in the near future.',
    lostCard: 'Missing: {names}.',
  },
  ops: {
    title: 'Why',
    crumbs: 'Reservations',
    why: 'Reason',
    needed: 'Cards needed',
    token: 'Reason code',
    earliest: 'Earliest start',
    none: 'none',
    noBlockers: 'Nothing is in the way',
    blockers: 'In the way',
    noBlockersText: 'No other reservation, maintenance or failure affects it.',
    blockersNote: 'Only those that are over first are listed; counts are of all.',
    kind: 'Kind',
    id: 'Id',
    organisation: 'Organisation',
    cards: 'Cards',
    until: 'Until',
    unknownUntil: 'unknown',
    kinds: { reservation: 'Reservation', maintenance: 'Maintenance', repair: 'Repair' },
    sooner: 'What would start sooner',
    fine: 'It waits for nothing',
    fineText: 'This reservation was not refused and lacks no cards, so there is nothing to explain.',
    change: {
      looserTopology: 'Topology {value}',
      fewerCards: '{value} cards',
      shorter: '{value} h',
      otherPool: 'Pool {value}',
    },
    at: 'from {at}',
  },
};

/** Every reason that can be explained to a person. */
export type ReasonToken = keyof typeof zh.token;
