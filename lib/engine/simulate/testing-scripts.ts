import { RUBBISH_FORMS } from './payloads.ts';
import { type ReserveStep, readScript, type Script, type Step } from './steps.ts';

const honest = (cards: number): ReserveStep => ({
  do: 'reserve',
  organisation: 1,
  cards,
  topology: 'any',
  leadSeconds: null,
  by: 'hours',
  seconds: 7_200,
  quote: 'good',
  waits: true,
});
const RICH = { yuan: 50_000, cardQuota: 10_000, spendingLimitYuan: null };
const SMALL = { servers: 2, cardsPerServer: 16, organisations: [RICH, RICH], projects: [] };

/** Every form of rubbish between two honest bookings, some of it in one round with them. */
export function rubbishScript(): Script {
  const forms = Array.from(
    { length: RUBBISH_FORMS },
    (_, form): Step => ({ do: 'rubbish', organisation: 0, form, waits: form % 5 !== 4 }),
  );
  const later: Step = { do: 'advance', seconds: 9_000, isPaced: true };
  return { market: SMALL, steps: [honest(2), ...forms, honest(3), later] };
}

/** A market in the first hour of its first booking, before anything was charged. */
export const FIRST_HOUR: Script = {
  market: SMALL,
  steps: [honest(2), { do: 'advance', seconds: 90, isPaced: true }],
};

/** A market whose first cards are bound for the next hour when somebody starts at once. */
export const BOUND_AHEAD: Script = {
  market: SMALL,
  steps: [
    { ...honest(2), leadSeconds: 1_800, waits: false },
    { do: 'advance', seconds: 2_400, isPaced: true },
    { ...honest(3), waits: false },
    { do: 'advance', seconds: 20_000, isPaced: true },
  ],
};

/** Nobody looks while two reservations come to their end. */
export const ENDS_AT_ONCE: Script = {
  market: SMALL,
  steps: [honest(2), { ...honest(3), waits: false }, { do: 'advance', seconds: 9_000, isPaced: false }],
};

/** In one jump an open end spends what is left, lives through its grace, and comes to the monthly limit of its project. */
export const LIMIT_IN_GRACE = readScript(`
{"servers":4,"cardsPerServer":8,"organisations":[{"yuan":28897,"cardQuota":10000,"spendingLimitYuan":null},{"yuan":12489,"cardQuota":24,"spendingLimitYuan":2999,"lineYuan":589},{"yuan":53929,"cardQuota":24,"spendingLimitYuan":4029},{"yuan":359,"cardQuota":8,"spendingLimitYuan":2503}],"projects":[{"organisation":2,"cardQuota":null,"limitYuan":1775,"isClosed":true},{"organisation":2,"cardQuota":null,"limitYuan":223,"isClosed":false},{"organisation":3,"cardQuota":8,"limitYuan":446,"isClosed":false}]}
{"do":"queue","organisation":3,"cards":7,"topology":"same-supernode","tier":"flex","seconds":10170,"deadlineSeconds":null,"capYuan":null,"waits":true}
{"do":"advance","seconds":23411,"isPaced":true}
{"do":"reserve","organisation":3,"project":2,"cards":8,"topology":"same-server","leadSeconds":null,"by":"open","seconds":13869,"quote":"good","waits":false,"gang":{"segmentCards":2,"preferred":"supernode"}}
{"do":"advance","seconds":203996,"isPaced":false}
`);

/** One card is lost and none is free: in one jump more is tried again than one round decides, and a job on the other card is over. */
export const DUE_FOR_DAYS = readScript(`
{"servers":1,"cardsPerServer":2,"organisations":[{"yuan":50000,"cardQuota":10000,"spendingLimitYuan":null}],"projects":[]}
{"do":"reserve","organisation":0,"cards":1,"topology":"any","leadSeconds":null,"by":"hours","seconds":432000,"quote":"good","waits":false}
{"do":"queue","organisation":0,"cards":1,"topology":"any","tier":"standard","seconds":250000,"deadlineSeconds":null,"capYuan":null,"waits":false}
{"do":"health","pick":0,"becomes":"unhealthy","agoSeconds":0}
{"do":"advance","seconds":120,"isPaced":true}
{"do":"advance","seconds":250000,"isPaced":false}
`);

/** Nobody looks for hours: a window comes to its end, and its cards go to whom they are promised after it. */
export const BACK_AND_BOUND = readScript(`
{"servers":1,"cardsPerServer":2,"organisations":[{"yuan":50000,"cardQuota":10000,"spendingLimitYuan":null}],"projects":[]}
{"do":"window","pick":0,"cards":2,"isServer":true,"leadSeconds":null,"seconds":7200,"handling":"wait","waits":false}
{"do":"reserve","organisation":0,"cards":2,"topology":"any","leadSeconds":10000,"by":"hours","seconds":3600,"quote":"good","waits":false}
{"do":"advance","seconds":600,"isPaced":true}
{"do":"advance","seconds":20000,"isPaced":false}
`);

/** A job waits in one pool for the quota that its organisation uses up next door, and starts when that is over. */
export const BOUND_NEXT_DOOR = readScript(`
{"servers":1,"cardsPerServer":4,"neighbourServers":1,"organisations":[{"yuan":50000,"cardQuota":4,"spendingLimitYuan":null}],"projects":[]}
{"do":"reserve","organisation":0,"isNextDoor":true,"cards":3,"topology":"any","leadSeconds":null,"by":"hours","seconds":7200,"quote":"good","waits":false}
{"do":"reserve","organisation":0,"cards":2,"topology":"any","leadSeconds":null,"by":"hours","seconds":600,"quote":"good","waits":false}
{"do":"queue","organisation":0,"cards":2,"topology":"any","tier":"standard","seconds":3600,"deadlineSeconds":null,"capYuan":null,"waits":false}
{"do":"advance","seconds":9000,"isPaced":true}
`);

/** The engine dies before it decides what fell due while a price was agreed; the next one leads when the agreement is over. */
export const AGREED_BEFORE = readScript(`
{"servers":1,"cardsPerServer":4,"organisations":[{"yuan":50000,"cardQuota":100,"spendingLimitYuan":null,"agreed":{"factorBps":5000,"hours":10}}],"projects":[]}
{"do":"reserve","organisation":0,"cards":2,"topology":"any","leadSeconds":null,"by":"hours","seconds":7200,"quote":"good","waits":false}
{"do":"change","act":"autoExtend","pick":1,"isOwn":true,"seconds":3600,"waits":false}
{"do":"advance","seconds":600,"isPaced":true}
{"do":"failure","at":"beforeCommit"}
{"do":"advance","seconds":60000,"isPaced":false}
`);
