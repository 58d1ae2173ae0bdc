import { z } from 'zod';
import { type Instant, instant, toIso } from '#lib/core/instant.ts';
import { BLOCKER_KINDS, type Blocker, type Explanation, TOKENS } from '#lib/reservations/explanation.ts';

const isoInstant = z.string().meta({ format: 'date-time', example: '2026-11-23T06:00:00Z' });
const count = z.number().int();
const tally = z.object({ count, cards: count });

/** Why something waits or was refused, as version 1 of the API shows it. */
export const explainDto = z.object({
  id: z.string(),
  status: z
    .enum(['pending', 'refused', 'waiting', 'fine'])
    .meta({ description: 'fine: it waits for nothing and was not refused' }),
  explanation: z
    .object({
      reason: z.enum(TOKENS).meta({ description: 'The one reason; of several that hold, the first in this order' }),
      cardsNeeded: count,
      numbers: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
      free: z
        .object({
          cards: count,
          largestOnServer: count,
          largestOnSupernode: count,
          idleServers: count,
          idleSupernodes: count,
        })
        .nullable()
        .meta({ description: 'Free during all of the wanted time, by level; null where nobody looked for room' }),
      blocked: z.object({ reservation: tally, maintenance: tally, repair: tally }).meta({
        description: 'What stands in the way at the tightest moment, of everybody’s',
      }),
      blockers: z
        .array(z.object({ kind: z.enum(BLOCKER_KINDS), id: z.string(), cards: count, until: isoInstant.nullable() }))
        .meta({ description: 'Those of them that you may see' }),
      earliestStartAt: isoInstant.nullable(),
      sooner: z
        .array(
          z.object({
            change: z.enum(['looserTopology', 'fewerCards', 'shorter', 'otherPool']),
            value: z.union([z.number(), z.string()]).meta({
              description: 'A topology, a number of cards, a length in seconds, a pool',
            }),
            startAt: isoInstant,
          }),
        )
        .meta({ description: 'Changes that would start sooner; another pool is a hint, the others were placed' }),
    })
    .nullable(),
});

type Found = {
  readonly id: string;
  readonly status: z.infer<typeof explainDto>['status'];
  readonly explanation: Explanation | null;
  readonly blockers: readonly Blocker[];
};

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

/** Numbers that are times are written as times. */
function numbersOf(numbers: Explanation['numbers']): Record<string, number | string | null> {
  const shown = Object.entries(numbers).map(([name, value]): [string, number | string | null] => [
    name,
    name.endsWith('At') && typeof value === 'number' ? toIso(instant(value)) : value,
  ]);
  return Object.fromEntries(shown);
}

export function toExplainDto({ id, status, explanation, blockers }: Found): z.infer<typeof explainDto> {
  if (!explanation) return { id, status, explanation: null };
  const { token, needed, numbers, free, blocked, earliestStartAt, sooner } = explanation;
  return {
    id,
    status,
    explanation: {
      reason: token,
      cardsNeeded: needed,
      numbers: numbersOf(numbers),
      free,
      blocked,
      blockers: blockers.map(({ kind, id: blockerId, cards, until }) => ({
        kind,
        id: blockerId,
        cards,
        until: isoOrNull(until),
      })),
      earliestStartAt: isoOrNull(earliestStartAt),
      sooner: sooner.map((each) => ({ ...each, startAt: toIso(each.startAt) })),
    },
  };
}
