// A process of clients, apart from the engine as web processes are: books the quotes it is sent, or counts hours.
import { bookerOf, type WaitingQuote } from '#lib/engine/testing-bookings.ts';
import { openDatabase } from '#lib/platform/db.ts';
import { reserve } from '#lib/reservations/service.ts';
import { countSlots, type SlotWork } from './slot-counter.ts';

export type BookWork = {
  readonly kind: 'book';
  readonly url: string;
  readonly clients: number;
  readonly seconds: number;
  readonly quotes: readonly WaitingQuote[];
};
export type ClientWork = BookWork | SlotWork;

/** What clients saw: how often each answer, how long each took, how long all took, and this process's own work. */
export type ClientReport = {
  readonly answers: Readonly<Record<string, number>>;
  readonly latenciesMs: readonly number[];
  readonly seconds: number;
  readonly processorSeconds: number;
};

let openUrl: string | null = null;

async function book(work: BookWork): Promise<Omit<ClientReport, 'processorSeconds'>> {
  if (openUrl !== work.url) openDatabase(work.url);
  openUrl = work.url;
  const answers: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + work.seconds * 1_000;
  let next = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const quote = work.quotes[next];
      if (!quote) return;
      next += 1;
      const askedMs = performance.now();
      const { quoteId, organisationId } = quote;
      const answer = await reserve(bookerOf(organisationId), { quoteId, name: 'bench', idempotencyKey: quoteId });
      latenciesMs.push(performance.now() - askedMs);
      const name = answer.ok ? 'accepted' : answer.refusal.code;
      answers[name] = (answers[name] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: work.clients }, client));
  return { answers, latenciesMs, seconds: (performance.now() - startedMs) / 1_000 };
}

process.on('message', async (work: ClientWork) => {
  const before = process.cpuUsage();
  const report = await (work.kind === 'book' ? book(work) : countSlots(work));
  const { user, system } = process.cpuUsage(before);
  process.send?.({ ...report, processorSeconds: (user + system) / 1e6 } satisfies ClientReport);
});
