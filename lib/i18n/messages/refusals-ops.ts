import type { Translation } from '../shape.ts';

/** What ops asked of cards, servers and the demo clock, and did not get. */
export const zh = {
  targetUnknown: { what: '没有这样的卡、服务器或位置。', safe: '没有任何改动。', todo: '请刷新页面，重新选择。' },
  targetTooWide: {
    what: '所选范围跨了多个卡池。',
    safe: '没有任何卡改变状态。',
    todo: '请在机房单元、超节点、服务器或卡上操作。',
  },
  countNotConfirmed: {
    what: '要涉及{cards, number}张卡，填写的卡数对不上。',
    safe: '没有任何卡改变状态。',
    todo: '确认无误后，请填写{cards, number}。',
  },
  deviceUnknown: { what: '没有这样的卡或服务器。', safe: '没有发出任何指令。', todo: '请刷新页面，重新选择。' },
  resetNeedsCard: { what: '复位只针对一张卡。', safe: '没有发出任何指令。', todo: '请打开那张卡的页面再复位。' },
  faultNotForTarget: { what: '这种故障不能用在这里。', safe: '没有发出任何指令。', todo: '请换一种故障。' },
  fleetIsReal: {
    what: '这是真实的硬件，不能注入故障。',
    safe: '没有发出任何指令。',
    todo: '故障注入只用于模拟机群。',
  },
  clockIsReal: { what: '这里的业务时间就是真实时间。', safe: '时钟没有变。', todo: '只有演示时钟可以拨动。' },
  clockBackwards: {
    what: '业务时间不能倒退，现在是{nowAt}（北京时间）。',
    safe: '时钟没有变。',
    todo: '请选之后的时间。',
  },
  clockTooFar: {
    what: '一次最多前进{daysMax, number}天。',
    safe: '时钟没有变。',
    todo: '请选近一些的时间，可以分几次。',
  },
  rateOutOfRange: {
    what: '速度不在范围内。',
    safe: '时钟没有变。',
    todo: '请填0到{rateMax, number}之间的整数，0为停住。',
  },
  cardsInWrongState: {
    what: '所选的卡都不在可以这样操作的状态。',
    safe: '没有任何卡改变状态。',
    todo: '请看卡的状态，换一个操作。',
  },
  cardsHeld: {
    what: '其中{cards, number}张卡有人使用，或者已经绑定给预订。',
    safe: '没有任何卡改变状态，预订不受影响。',
    todo: '请先排空，等最后一个预订离开。',
  },
  cardsNotWorking: {
    what: '其中{cards, number}张卡的设备还没有恢复工作。',
    safe: '没有任何卡改变状态。',
    todo: '请先恢复这些卡，或者送修。',
  },
  cardsNotHealthy: {
    what: '其中{cards, number}张卡的设备还没有报告健康。',
    safe: '没有任何卡改变状态。',
    todo: '请先恢复这些卡，等设备报告健康。',
  },
  faultUnknown: { what: '没有这个故障单。', safe: '没有任何改动。', todo: '请刷新页面。' },
  faultResolved: { what: '这个故障单已经解决。', safe: '没有任何改动。', todo: '请刷新页面；再次出现时会重新打开。' },
  faultOwned: {
    what: '{owner}已经在处理这个故障单。',
    safe: '没有任何改动。',
    todo: '请联系{owner}，或者请人转交。',
  },
  faultNotOwned: { what: '这个故障单不在您手上。', safe: '没有任何改动。', todo: '请刷新页面。' },
  colleagueUnknown: { what: '运维里没有这个人。', safe: '没有任何改动。', todo: '请从名单里重新选择。' },
  faultPersists: {
    what: '其中{cards, number}张卡的设备仍在报告故障。',
    safe: '故障单没有改动。',
    todo: '请先恢复设备；设备持续健康后，故障单会自己解决。',
  },
} as const;

export const en: Translation<typeof zh> = {
  targetUnknown: {
    what: 'There is no such card, server or place.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page and choose again.',
  },
  targetTooWide: {
    what: 'This reaches over more than one pool.',
    safe: 'No card changed its state.',
    todo: 'Choose a pod, a supernode, a server or cards.',
  },
  countNotConfirmed: {
    what: 'This concerns {cards, plural, one {# card} other {# cards}}, and the number you typed is another.',
    safe: 'No card changed its state.',
    todo: 'If you mean it, type {cards, number}.',
  },
  deviceUnknown: {
    what: 'There is no such card or server.',
    safe: 'Nothing was asked of any device.',
    todo: 'Reload the page and choose again.',
  },
  resetNeedsCard: {
    what: 'A reset is for one card.',
    safe: 'Nothing was asked of any device.',
    todo: 'Open that card’s page to reset it.',
  },
  faultNotForTarget: {
    what: 'There is no such fault here.',
    safe: 'Nothing was asked of any device.',
    todo: 'Choose another fault.',
  },
  fleetIsReal: {
    what: 'This is real hardware: faults are not made on it.',
    safe: 'Nothing was asked of any device.',
    todo: 'Faults are for simulated fleets only.',
  },
  clockIsReal: {
    what: 'Business time is real time here.',
    safe: 'The clock is unchanged.',
    todo: 'Only a demo clock can be moved.',
  },
  clockBackwards: {
    what: 'Business time does not go back; it is {nowAt} (Beijing time).',
    safe: 'The clock is unchanged.',
    todo: 'Choose a later time.',
  },
  clockTooFar: {
    what: 'One move goes at most {daysMax, number} days ahead.',
    safe: 'The clock is unchanged.',
    todo: 'Choose a nearer time, and move more than once.',
  },
  rateOutOfRange: {
    what: 'The rate is out of range.',
    safe: 'The clock is unchanged.',
    todo: 'Use a whole number from 0 to {rateMax, number}; 0 stops.',
  },
  cardsInWrongState: {
    what: 'None of these cards is in a state for this.',
    safe: 'No card changed its state.',
    todo: 'Look at their states and choose something else.',
  },
  cardsHeld: {
    what: '{cards, plural, one {# of these cards is} other {# of these cards are}} in use, or bound to a reservation.',
    safe: 'No card changed its state, and no reservation is touched.',
    todo: 'Drain first, and wait for the last reservation to leave.',
  },
  cardsNotWorking: {
    what: 'The device of {cards, plural, one {# of these cards} other {# of these cards}} does not work yet.',
    safe: 'No card changed its state.',
    todo: 'Recover these cards first, or send them to repair.',
  },
  cardsNotHealthy: {
    what: 'The device of {cards, plural, one {# of these cards} other {# of these cards}} does not report that it is healthy.',
    safe: 'No card changed its state.',
    todo: 'Recover these cards first, and wait for their devices.',
  },
  faultUnknown: { what: 'There is no such case.', safe: 'Nothing was changed.', todo: 'Reload the page.' },
  faultResolved: {
    what: 'This case is resolved.',
    safe: 'Nothing was changed.',
    todo: 'Reload the page; it opens again by itself if the fault comes back.',
  },
  faultOwned: {
    what: '{owner} works on this case.',
    safe: 'Nothing was changed.',
    todo: 'Talk to {owner}, or have it handed over.',
  },
  faultNotOwned: { what: 'You do not have this case.', safe: 'Nothing was changed.', todo: 'Reload the page.' },
  colleagueUnknown: {
    what: 'There is no such person in operations.',
    safe: 'Nothing was changed.',
    todo: 'Choose again from the list.',
  },
  faultPersists: {
    what: 'The devices of {cards, plural, one {# card} other {# cards}} still report the fault.',
    safe: 'The case is unchanged.',
    todo: 'Recover the devices; the case resolves by itself once they stay healthy.',
  },
};
