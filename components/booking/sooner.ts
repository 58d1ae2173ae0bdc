import type { Term, TopologyWish } from '#lib/catalog/types.ts';
import { ceilToHour, type Instant } from '#lib/core/instant.ts';
import type { Explanation, Sooner } from '#lib/reservations/explanation.ts';
import type { WayOn } from './alternatives.ts';
import { type BookingQuery, dayAndHour } from './booking-query.ts';

/** The lengths that terms are sold for, to name a shorter one. */
export type TermLengths = readonly { readonly term: Term; readonly termSeconds: number }[];

/** How a looser topology is offered; null: it is never the looser one. */
const KIND_OF = {
  any: 'anyTopology',
  'same-server': null,
  'same-supernode': 'sameSupernode',
  'whole-servers': 'wholeServers',
  'whole-supernodes': null,
} as const satisfies Record<TopologyWish, WayOn['kind'] | null>;

const later = (query: BookingQuery, startAt: Instant): BookingQuery => ({
  ...query,
  when: 'later',
  ...dayAndHour(startAt),
  week: '',
});

function wayOf(sooner: Sooner, query: BookingQuery, terms: TermLengths, wantedAt: Instant): WayOn[] {
  switch (sooner.change) {
    case 'looserTopology': {
      const next = { ...query, topology: sooner.value };
      const kind = KIND_OF[sooner.value];
      return kind === null ? [] : [{ kind, query: next }];
    }
    case 'fewerCards':
      return [{ kind: 'cards', cards: sooner.value, query: { ...query, cards: `${sooner.value}` } }];
    case 'shorter': {
      if (query.way === 'by-card') {
        const term = terms.find(({ termSeconds }) => termSeconds === sooner.value)?.term;
        return term ? [{ kind: 'term', term, query: { ...query, term } }] : [];
      }
      const hours = Math.floor(sooner.value / 3_600);
      return [{ kind: 'hours', hours, query: { ...query, end: 'fixed', hours: `${hours}` } }];
    }
    case 'otherPool': {
      const moved = { ...query, pool: sooner.value, image: '' };
      const startAt = ceilToHour(sooner.startAt);
      return [
        { kind: 'pool', pool: sooner.value, startAt, query: sooner.startAt > wantedAt ? later(moved, startAt) : moved },
      ];
    }
  }
}

/** What would start sooner, as states of the booking page: first the same wish at its earliest start, then others. */
export function waysFrom(
  { earliestStartAt, sooner }: Explanation,
  query: BookingQuery,
  terms: TermLengths,
  wantedAt: Instant,
): WayOn[] {
  // Bookings start on full hours; the engine knows the very second.
  const hour = earliestStartAt === null ? null : ceilToHour(earliestStartAt);
  const atStart: WayOn[] = hour === null ? [] : [{ kind: 'startAt', startAt: hour, query: later(query, hour) }];
  return [...atStart, ...sooner.flatMap((each) => wayOf(each, query, terms, wantedAt))];
}
