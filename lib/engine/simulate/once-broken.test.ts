import { expect, test } from 'vitest';
import { runScript } from './run.ts';
import { readScript } from './steps.ts';
import { LIMIT_IN_GRACE } from './testing-scripts.ts';

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

test('an open end that a limit stops in its grace was bought up to there', () => {
  expect(runScript(LIMIT_IN_GRACE).violations).toEqual([]);
});
