import 'server-only';
import { listen } from '#lib/platform/notifications.ts';
import { errorText, log } from '#lib/platform/log.ts';

/** A sign of life, so that the browser knows a silent stream from a dead one. */
const BEAT_MS = 15_000;
/** What is announced within this time goes out together. */
const GATHER_MS = 250;
/** A stream ends after this long; the browser comes back, and its rights are looked at again. */
const LIFE_MS = 300_000;

const holder = globalThis as typeof globalThis & { kashiLiveStreams?: Set<() => void> };

/** The open streams of this process. They end with it at once, or stopping would wait for them. */
function openStreams(): Set<() => void> {
  if (!holder.kashiLiveStreams) {
    const streams = new Set<() => void>();
    holder.kashiLiveStreams = streams;
    process.once('SIGTERM', () => {
      for (const end of streams) end();
    });
  }
  return holder.kashiLiveStreams;
}

/** Gathers announcements for a moment and hands on those that concern the reader; `missed` is told that some may have been lost. */
function gather(
  select: (announced: readonly string[]) => Promise<string[]>,
  tell: (topics: string[]) => void,
  missed: () => void,
) {
  let waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = async (): Promise<void> => {
    const announced = [...waiting];
    waiting = new Set();
    timer = undefined;
    try {
      const heard = await select(announced);
      if (heard.length > 0) tell(heard);
    } catch (error) {
      log.info('a live stream could not look', { reason: errorText(error) });
    }
  };
  const hear = (announced: string): void => {
    waiting.add(announced);
    timer ??= setTimeout(() => void flush(), GATHER_MS);
  };
  const stop = listen('kashi_change', hear, missed);
  return () => {
    stop();
    clearTimeout(timer);
  };
}

/**
 * Server-sent events: `change` when something that `select` lets through was announced, `beat` as a sign of life. The
 * reader is told at once to look, and whenever announcements may have been lost: what was announced since its page was rendered,
 * nobody heard.
 */
export function liveStream(
  signal: AbortSignal,
  select: (announced: readonly string[]) => Promise<string[]>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let end = (): void => {};
  return new ReadableStream({
    start(controller) {
      let number = 0;
      const send = (event: 'change' | 'beat', data: unknown): void => {
        number += 1;
        controller.enqueue(encoder.encode(`event: ${event}\nid: ${number}\ndata: ${JSON.stringify(data)}\n\n`));
      };
      const lookAgain = (): void => send('change', null);
      const stop = gather(select, (topics) => send('change', topics), lookAgain);
      const beat = setInterval(() => send('beat', null), BEAT_MS);
      const life = setTimeout(() => end(), LIFE_MS);
      end = () => {
        if (!openStreams().delete(end)) return;
        stop();
        clearInterval(beat);
        clearTimeout(life);
        signal.removeEventListener('abort', end);
        // The reader may have closed it already.
        if (controller.desiredSize !== null) controller.close();
      };
      openStreams().add(end);
      signal.addEventListener('abort', end);
      lookAgain();
    },
    cancel() {
      end();
    },
  });
}
