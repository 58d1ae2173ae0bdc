import type { Answer } from './command-types.ts';

// The announcement of an answer: the command's id, and what it was answered, so that nobody who waits has to ask.

/** PostgreSQL carries announcements of fewer than 8,000 bytes. */
const BYTES_MAX = 7_900;

/** `cmd_… {"ok":…}`; the id alone when the answer is longer than an announcement: then its row is to be read. */
export function announcedAnswer(commandId: string, answer: Answer): string {
  const text = `${commandId} ${JSON.stringify(answer)}`;
  return Buffer.byteLength(text) > BYTES_MAX ? commandId : text;
}

/** The command that an announcement is of. */
export function answeredIn(text: string): string {
  const end = text.indexOf(' ');
  return end === -1 ? text : text.slice(0, end);
}

/** The answer in an announcement; null when it has none. */
export function answerIn(text: string): Answer | null {
  const end = text.indexOf(' ');
  return end === -1 ? null : (JSON.parse(text.slice(end + 1)) as Answer);
}
