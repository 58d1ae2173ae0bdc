import { QUEUE_TIERS, type QueuedJob, type QueuePolicy, type QueueRank, type QueueSnapshot } from '../queue-types.ts';
import { usageStep } from './usage.ts';

/** The jobs in the order of a policy. */
export function ordered(snapshot: QueueSnapshot, policy: QueuePolicy): QueuedJob[] {
  const rank = policy.rank(snapshot);
  const ranked = snapshot.queue.map((job) => ({ job, ...rank(job) }));
  ranked.sort(
    (a, b) =>
      a.band - b.band ||
      a.key - b.key ||
      a.job.submittedAt - b.job.submittedAt ||
      a.job.sequence - b.job.sequence,
  );
  return ranked.map(({ job }) => job);
}

/** First come, first served. */
export const firstCome: QueuePolicy['rank'] = () => () => ({ band: 0, key: 0 });

/** The shortest walltime first: good means, and no bound on anybody's wait. */
export const shortestFirst: QueuePolicy['rank'] = () => (job) => ({ band: 0, key: job.walltimeMs });

/** What an order by {@link fairRank} is tuned with. */
export type FairSettings = {
  readonly starvationMs: number;
  readonly smallWalltimeMs: number;
  readonly smallPoolShare: number;
  readonly patienceMs: number;
};

export function fairRank(settings: FairSettings): QueuePolicy['rank'] {
  return (snapshot: QueueSnapshot) => {
    const poolCards = snapshot.serverCards.reduce((sum, cards) => sum + cards, 0);
    return (job: QueuedJob): QueueRank => {
      const waitedMs = snapshot.now - job.submittedAt;
      const tier = QUEUE_TIERS.indexOf(job.tier);
      if (job.tier !== 'flex' && waitedMs >= settings.starvationMs) return { band: 0, key: 0 };
      const isSmall = job.walltimeMs <= settings.smallWalltimeMs && job.cards * settings.smallPoolShare <= poolCards;
      const account = snapshot.accounts.get(job.accountId);
      const step = account ? usageStep(account.usage, account.quotaCards, snapshot.now) : 0;
      const band = 1 + (tier * 2 + (isSmall ? 0 : 1)) * 32 + step;
      const isPatient = isSmall || waitedMs < settings.patienceMs;
      return { band: band, key: isPatient ? job.walltimeMs : 0 };
    };
  };
}
