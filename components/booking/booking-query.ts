import { PURCHASES, type Purchase, TERMS, type Term, type TopologyWish, type Wish } from '#lib/catalog/types.ts';
import { gangOf, PREFERRED_LEVELS, type PreferredLevel, TOPOLOGIES } from '#lib/core/topology.ts';
import { HOUR_MS, type Instant, plusMs } from '#lib/core/instant.ts';
import { parseShanghaiDate, shanghaiDateOf, shanghaiHourOf } from '#lib/core/period.ts';

/** The state of the booking page: its address. What a person types stays as typed, so that it can be refused in words. */
export type BookingQuery = {
  /** Empty: the first pool on sale. */
  readonly pool: string;
  readonly way: Purchase;
  readonly cards: string;
  readonly topology: TopologyWish;
  /** Cards of a segment; empty: all cards are one. */
  readonly segment: string;
  /** One of this level for all cards, if there is room; empty: no preference. */
  readonly prefer: '' | PreferredLevel;
  /** Empty: chosen later. */
  readonly image: string;
  /** The project that it is booked for; empty: none. */
  readonly project: string;
  readonly when: 'now' | 'later';
  /** Beijing date and hour of a start that is not now. */
  readonly day: string;
  readonly hour: string;
  readonly end: 'fixed' | 'open';
  readonly hours: string;
  readonly term: Term;
  /** Weeks from today that the calendar shows; empty: the week of the start. */
  readonly week: string;
};

export const DEFAULT_QUERY: BookingQuery = {
  pool: '',
  way: 'by-hour',
  cards: '8',
  topology: 'any',
  segment: '',
  prefer: '',
  image: '',
  project: '',
  when: 'now',
  day: '',
  hour: '',
  end: 'fixed',
  hours: '3',
  term: 'day',
  week: '',
};

export const WEEKS_MAX = 13;
const TYPED_MAX = 64;

type SearchParams = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads the page's address. Of a name that stands twice the later holds: a button's choice over the field's. */
export function parseBookingQuery(params: SearchParams): BookingQuery {
  const text = (name: keyof BookingQuery): string | undefined => {
    const value = params[name];
    const last = typeof value === 'string' ? value : value?.at(-1);
    return last?.trim().slice(0, TYPED_MAX);
  };
  const oneOf = <const T extends string>(name: keyof BookingQuery, values: readonly T[], otherwise: T): T =>
    values.find((value) => value === text(name)) ?? otherwise;
  const d = DEFAULT_QUERY;
  return {
    pool: text('pool') ?? d.pool,
    way: oneOf('way', PURCHASES, d.way),
    cards: text('cards') ?? d.cards,
    topology: oneOf('topology', TOPOLOGIES, d.topology),
    segment: text('segment') ?? d.segment,
    prefer: oneOf('prefer', ['', ...PREFERRED_LEVELS], d.prefer),
    image: text('image') ?? d.image,
    project: text('project') ?? d.project,
    when: oneOf('when', ['now', 'later'], d.when),
    day: text('day') ?? d.day,
    hour: text('hour') ?? d.hour,
    end: oneOf('end', ['fixed', 'open'], d.end),
    hours: text('hours') ?? d.hours,
    term: oneOf('term', TERMS, d.term),
    week: text('week') ?? d.week,
  };
}

/** The address of a booking page in this state, without what is the default. */
export function bookingHref(orgSlug: string, query: Partial<BookingQuery>): string {
  const given = Object.entries(query).filter(([name, value]) => value !== DEFAULT_QUERY[name as keyof BookingQuery]);
  const search = new URLSearchParams(given).toString();
  return `/console/${orgSlug}/book${search === '' ? '' : `?${search}`}`;
}

/** A whole number as typed; NaN for anything else, which every check refuses by name. */
function typedNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
}

/** The chosen start that is not now; null when day and hour name none. */
export function startOf(query: Pick<BookingQuery, 'day' | 'hour'>): Instant | null {
  const midnight = parseShanghaiDate(query.day);
  const hour = typedNumber(query.hour);
  return midnight !== null && hour >= 0 && hour < 24 ? plusMs(midnight, hour * HOUR_MS) : null;
}

/** Day and hour in Beijing of a start. */
export function dayAndHour(startAt: Instant): Pick<BookingQuery, 'day' | 'hour'> {
  return { day: shanghaiDateOf(startAt), hour: `${shanghaiHourOf(startAt)}` };
}

/** The wish that the page's state stands for. A start that is no time is one in the past: it is refused as that. */
export function wishOf(query: BookingQuery, skuId: string): Wish {
  const isByCard = query.way === 'by-card';
  const hours = typedNumber(query.hours);
  const gang = gangOf(
    query.segment === '' ? null : typedNumber(query.segment),
    query.prefer === '' ? null : query.prefer,
  );
  return {
    skuId,
    cards: typedNumber(query.cards),
    topology: query.topology,
    ...(gang ? { gang } : {}),
    startAt: query.when === 'now' ? null : (startOf(query) ?? 0),
    durationSeconds: isByCard || query.end === 'open' ? null : hours * 3_600,
    term: isByCard ? query.term : null,
    imageId: query.image === '' ? null : query.image,
  };
}

/** The page's state that a wish came from, to fill the form with again. */
export function queryOf(wish: Omit<Wish, 'skuId'>, pool: string, projectId: string | null = null): BookingQuery {
  const hours = wish.durationSeconds === null ? null : Math.max(1, Math.ceil(wish.durationSeconds / 3_600));
  return {
    ...DEFAULT_QUERY,
    pool,
    way: wish.term === null ? 'by-hour' : 'by-card',
    cards: `${wish.cards}`,
    topology: wish.topology,
    segment: `${wish.gang?.segmentCards ?? ''}`,
    prefer: wish.gang?.preferred ?? '',
    image: wish.imageId ?? '',
    project: projectId ?? '',
    ...(wish.startAt === null ? {} : { when: 'later' as const, ...dayAndHour(wish.startAt as Instant) }),
    ...(wish.term === null && hours === null ? { end: 'open' as const } : {}),
    ...(hours === null ? {} : { hours: `${hours}` }),
    ...(wish.term === null ? {} : { term: wish.term }),
  };
}
