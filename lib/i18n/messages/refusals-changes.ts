import type { Translation } from '../shape.ts';

/** What keeps a booking from being changed, besides what keeps it from being made. */
export const zh = {
  lastEndTooEarly: {
    what: '最晚结束时间早于延长一步之后的结束时间。',
    safe: '没有任何改动。',
    todo: '请选更晚的时间，或缩短一步。',
  },
  priceAboveCap: {
    what: '延长一步的单价是每卡时{neededUnits}，高于所设的上限{capUnits}。',
    safe: '没有任何改动，没有扣款。',
    todo: '请提高上限，或在别的时间延长。',
  },
} as const;

export const en: Translation<typeof zh> = {
  lastEndTooEarly: {
    what: 'The last end lies before the end of the next step.',
    safe: 'Nothing was changed.',
    todo: 'Choose a later last end, or a shorter step.',
  },
  priceAboveCap: {
    what: 'The next step costs {neededUnits} per card-hour, above the cap of {capUnits}.',
    safe: 'Nothing was changed or charged.',
    todo: 'Raise the cap, or extend for another time.',
  },
};
