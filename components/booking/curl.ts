import type { Wish } from '#lib/catalog/types.ts';
import { instant, toIso } from '#lib/core/instant.ts';

type Call = { readonly url: string; readonly body: object; readonly idempotencyKey?: string };

/** A POST as a shell command. JSON within single quotes; a quote in a text is closed, escaped and opened again. */
function curl({ url, body, idempotencyKey }: Call): string {
  const json = JSON.stringify(body).replaceAll("'", `'\\''`);
  return [
    `curl -X POST ${url}`,
    `-H "Authorization: Bearer $KASHI_KEY"`,
    ...(idempotencyKey === undefined ? [] : [`-H "Idempotency-Key: ${idempotencyKey}"`]),
    `-H "Content-Type: application/json"`,
    `-d '${json}'`,
  ].join(' \\\n  ');
}

/** The command that asks for this quote; what is the API's default is left out. */
export function quoteCommand(origin: string, wish: Wish): string {
  const { skuId, cards, topology, gang, startAt, durationSeconds, term, imageId } = wish;
  return curl({
    url: `${origin}/api/v1/quotes`,
    body: {
      skuId,
      cards,
      ...(topology === 'any' ? {} : { topology }),
      ...(gang ? { gang } : {}),
      ...(startAt === null ? {} : { startAt: toIso(instant(startAt)) }),
      ...(durationSeconds === null ? {} : { durationSeconds }),
      ...(term === null ? {} : { term }),
      ...(imageId === null ? {} : { imageId }),
    },
  });
}

/** The command that books a quote. */
export function reserveCommand(
  origin: string,
  booking: { readonly quoteId: string; readonly name: string; readonly projectId: string | null },
  idempotencyKey: string,
): string {
  const { quoteId, name, projectId } = booking;
  const body = { quoteId, name, ...(projectId === null ? {} : { projectId }) };
  return curl({ url: `${origin}/api/v1/reservations`, body, idempotencyKey });
}
