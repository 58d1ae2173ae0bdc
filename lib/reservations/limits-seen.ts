import type { Id } from '#lib/core/id.ts';
import { units } from '#lib/core/money.ts';
import type { Book } from './book.ts';
import type { Holder } from './limits.ts';
import type { ProjectLimits } from './project-types.ts';
import type { OrganisationLimits } from './types.ts';

// Limits, and whose grace there is, change between decisions: what a decision saw of them belongs to the log, like its money.

type Texts = { readonly [name: string]: string };
/** The books that limits are kept in. */
type LimitBook = Pick<Book, 'limits' | 'projects'>;

const ORGANISATION = 'limits:';
const PROJECT = 'project:';
const NONE = '-';

const organisationText = ({ cardQuota, monthlySpendingLimitUnits, graceSeconds }: OrganisationLimits): string =>
  [cardQuota, monthlySpendingLimitUnits ?? NONE, graceSeconds ?? 0].join(' ');

const projectText = ({ organisationId, cardQuota, monthlySpendingLimitUnits, isClosed }: ProjectLimits): string =>
  [organisationId, cardQuota ?? NONE, monthlySpendingLimitUnits ?? NONE, isClosed ? 'closed' : 'open'].join(' ');

/** The limits of an organisation, and of one of its projects, as the log keeps them; nothing of whom the book does not know. */
export function limitsSeen({ limits, projects }: LimitBook, { organisationId, projectId }: Holder): Texts {
  const own = limits.get(organisationId);
  const project = projectId === null ? undefined : projects.get(projectId);
  return {
    ...(own && { [`${ORGANISATION}${organisationId}`]: organisationText(own) }),
    ...(project && { [`${PROJECT}${project.id}`]: projectText(project) }),
  };
}

const amountOf = (text: string) => (text === NONE ? null : units(BigInt(text)));

/** Puts back what {@link limitsSeen} kept, when a decision is made again from the log. */
export function restoreLimits({ limits, projects }: LimitBook, inputs: Texts): void {
  for (const [name, text] of Object.entries(inputs)) {
    const parts = text.split(' ');
    if (name.startsWith(ORGANISATION)) {
      const [quota = '', limit = '', grace = ''] = parts;
      const own = { cardQuota: Number(quota), monthlySpendingLimitUnits: amountOf(limit), graceSeconds: Number(grace) };
      limits.set(name.slice(ORGANISATION.length) as Id<'organisation'>, own);
    } else if (name.startsWith(PROJECT)) {
      const [organisationId = '', quota = '', limit = '', state] = parts;
      const id = name.slice(PROJECT.length) as Id<'project'>;
      projects.set(id, {
        id,
        organisationId: organisationId as Id<'organisation'>,
        cardQuota: quota === NONE ? null : Number(quota),
        monthlySpendingLimitUnits: amountOf(limit),
        isClosed: state === 'closed',
      });
    }
  }
}
