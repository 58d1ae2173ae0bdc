import type { Id } from '#lib/core/id.ts';
import { units } from '#lib/core/money.ts';
import type { Book } from './book.ts';
import { elsewhereText, restoreElsewhereText } from './elsewhere.ts';
import type { Answer, ReservationRefusal } from './command-types.ts';
import type { Holder } from './limits.ts';
import type { ProjectLimits } from './project-types.ts';
import type { OrganisationLimits } from './types.ts';

// Limits, and whose grace there is, change between decisions: what a decision saw of them belongs to the log, like its money.

/** The books that limits are kept in. */
type LimitBook = Pick<Book, 'limits' | 'projects' | 'elsewhere'>;

const NONE = '-';

const organisationText = (
  id: Id<'organisation'>,
  { cardQuota, monthlySpendingLimitUnits, graceSeconds }: OrganisationLimits,
): string => `${id} ${cardQuota} ${monthlySpendingLimitUnits ?? NONE} ${graceSeconds ?? 0}`;

const projectText = ({ id, organisationId, cardQuota, monthlySpendingLimitUnits, isClosed }: ProjectLimits): string =>
  `${id} ${organisationId} ${cardQuota ?? NONE} ${monthlySpendingLimitUnits ?? NONE} ${isClosed ? 'closed' : 'open'}`;

/** What of limits a decision saw. */
export type LimitsSeen = { readonly limits?: string; readonly project?: string };

/** The limits of an organisation, and of one of its projects, as the log keeps them; nothing of whom the book does not know. */
export function limitsSeen({ limits, projects }: LimitBook, { organisationId, projectId }: Holder): LimitsSeen {
  const own = limits.get(organisationId);
  const project = projectId === null ? undefined : projects.get(projectId);
  const seen = own ? { limits: organisationText(organisationId, own) } : {};
  return project ? { ...seen, project: projectText(project) } : seen;
}

const REFUSED_BY_BOUNDS: ReadonlySet<string> = new Set<ReservationRefusal['code']>([
  'quotaExceeded',
  'projectQuotaExceeded',
  'spendingLimitExceeded',
  'projectLimitExceeded',
]);

/**
 * What an organisation has in other pools, for whom a quota or a limit refused something. It can only make those narrower: what was
 * decided otherwise would have been decided so without it, and of many reservations it would be a long text.
 */
export function elsewhereSeen(
  { elsewhere }: Pick<Book, 'elsewhere'>,
  organisationId: Id<'organisation'> | null,
  answer: Answer,
): { readonly elsewhere?: string } {
  if (organisationId === null || answer.ok || !REFUSED_BY_BOUNDS.has(answer.refusal.code)) return {};
  const text = elsewhereText(elsewhere, organisationId);
  return text === null ? {} : { elsewhere: text };
}

const amountOf = (text: string) => (text === NONE ? null : units(BigInt(text)));

function restoreOrganisation({ limits, elsewhere }: LimitBook, text: string): void {
  const [id = '', quota = '', limit = '', grace = ''] = text.split(' ');
  // Where something counted in other pools, the log says so beside it.
  elsewhere.delete(id as Id<'organisation'>);
  limits.set(id as Id<'organisation'>, {
    cardQuota: Number(quota),
    monthlySpendingLimitUnits: amountOf(limit),
    graceSeconds: Number(grace),
  });
}

function restoreProject({ projects }: LimitBook, text: string): void {
  const [id = '', organisationId = '', quota = '', limit = '', state] = text.split(' ');
  projects.set(id as Id<'project'>, {
    id: id as Id<'project'>,
    organisationId: organisationId as Id<'organisation'>,
    cardQuota: quota === NONE ? null : Number(quota),
    monthlySpendingLimitUnits: amountOf(limit),
    isClosed: state === 'closed',
  });
}

/**
 * Puts back what {@link limitsSeen} kept, when a decision is made again from the log. What time decided saw the limits of
 * several, so behind its names stands whose they are.
 */
export function restoreLimits(book: LimitBook, inputs: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(inputs)) {
    const [kind] = name.split(':');
    if (kind === 'limits') restoreOrganisation(book, text);
    else if (kind === 'project') restoreProject(book, text);
  }
  for (const [name, text] of Object.entries(inputs))
    if (name.startsWith('elsewhere')) restoreElsewhereText(book.elsewhere, text);
}
