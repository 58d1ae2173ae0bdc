import { expect, test } from 'vitest';
import { runScript } from './run.ts';
import { readScript } from './steps.ts';

// Scripts that broke once, as the command printed them.

/** A jump over days is refused by the database: the hours that were known had moved on, what was due had not. */
const REFUSED_JUMP = `
{"servers":4,"cardsPerServer":4,"organisations":[{"yuan":24224,"cardQuota":4,"spendingLimitYuan":3249},{"yuan":38149,"cardQuota":12,"spendingLimitYuan":3981},{"yuan":30812,"cardQuota":12,"spendingLimitYuan":null},{"yuan":78,"cardQuota":10000,"spendingLimitYuan":null}]}
{"do":"topUp","organisation":3,"yuan":2337}
{"do":"reserve","organisation":2,"cards":3,"topology":"same-server","leadSeconds":3485,"by":"hours","seconds":17329,"quote":"good","waits":true}
{"do":"reserve","organisation":1,"cards":1,"topology":"same-server","leadSeconds":31226,"by":"hours","seconds":22428,"quote":"good","waits":true}
{"do":"reserve","organisation":0,"cards":4,"topology":"same-server","leadSeconds":null,"by":"day","seconds":18513,"quote":"good","waits":true}
{"do":"reserve","organisation":2,"cards":4,"topology":"same-supernode","leadSeconds":47624,"by":"day","seconds":24174,"quote":"good","waits":false}
{"do":"reserve","organisation":3,"cards":3,"topology":"any","leadSeconds":27346,"by":"day","seconds":198739,"quote":"good","waits":false}
{"do":"reserve","organisation":3,"cards":2,"topology":"any","leadSeconds":35856,"by":"day","seconds":26246,"quote":"good","waits":true}
{"do":"advance","seconds":84,"isPaced":true}
{"do":"failure","at":"refusal"}
{"do":"advance","seconds":243912,"isPaced":false}
`;

test('a round that is taken back after a jump leaves what was due to be decided at its own time', () => {
  expect(runScript(readScript(REFUSED_JUMP)).violations).toEqual([]);
});

/** In its grace an open end comes to the monthly limit of its project. */
const LIMIT_IN_GRACE = `
{"servers":4,"cardsPerServer":8,"organisations":[{"yuan":28897,"cardQuota":10000,"spendingLimitYuan":null},{"yuan":12489,"cardQuota":24,"spendingLimitYuan":2999,"lineYuan":589},{"yuan":53929,"cardQuota":24,"spendingLimitYuan":4029},{"yuan":359,"cardQuota":8,"spendingLimitYuan":2503}],"projects":[{"organisation":2,"cardQuota":null,"limitYuan":1775,"isClosed":true},{"organisation":2,"cardQuota":null,"limitYuan":223,"isClosed":false},{"organisation":3,"cardQuota":8,"limitYuan":446,"isClosed":false}]}
{"do":"queue","organisation":3,"cards":7,"topology":"same-supernode","tier":"flex","seconds":10170,"deadlineSeconds":null,"capYuan":null,"waits":true}
{"do":"advance","seconds":23411,"isPaced":true}
{"do":"reserve","organisation":3,"project":2,"cards":8,"topology":"same-server","leadSeconds":null,"by":"open","seconds":13869,"quote":"good","waits":false,"gang":{"segmentCards":2,"preferred":"supernode"}}
{"do":"advance","seconds":203996,"isPaced":false}
`;

test('an open end that a limit stops in its grace was bought up to there', () => {
  expect(runScript(readScript(LIMIT_IN_GRACE)).violations).toEqual([]);
});
