import type { Answer } from './command-types.ts';

// The announcement of answers: each command's id and what it was answered, so that nobody who waits has to ask. The answers
// of a round go together, a line each, in as few announcements as carry them: every one is a message to every process.

/** PostgreSQL carries announcements of fewer than 8,000 bytes. */
const BYTES_MAX = 7_900;

/** What an announcement says of one command; `null` when its answer had no room, and its row is to be read. */
export type Announced = { readonly commandId: string; readonly answer: Answer | null };

/** `cmd_… {"ok":…}`; the id alone when the answer is longer than an announcement. JSON has no line break in it. */
function lineOf(commandId: string, answer: Answer): string {
  const line = `${commandId} ${JSON.stringify(answer)}`;
  return Buffer.byteLength(line) > BYTES_MAX ? commandId : line;
}

/** The announcements of answers, in their order. */
export function announcedAnswers(
  answered: readonly { readonly commandId: string; readonly answer: Answer }[],
): string[] {
  const texts: string[] = [];
  let lines: string[] = [];
  let bytes = 0;
  for (const { commandId, answer } of answered) {
    const line = lineOf(commandId, answer);
    const more = Buffer.byteLength(line) + 1;
    if (lines.length > 0 && bytes + more > BYTES_MAX) {
      texts.push(lines.join('\n'));
      [lines, bytes] = [[], 0];
    }
    lines.push(line);
    bytes += more;
  }
  if (lines.length > 0) texts.push(lines.join('\n'));
  return texts;
}

/**
 * What an announcement says of the commands that `isWaitedFor`, in its order. Most of it is for others: only what somebody
 * here waits for is read as JSON.
 */
export function answersIn(text: string, isWaitedFor: (commandId: string) => boolean): Announced[] {
  return text.split('\n').flatMap((line) => {
    const end = line.indexOf(' ');
    const commandId = end === -1 ? line : line.slice(0, end);
    if (!isWaitedFor(commandId)) return [];
    return [{ commandId, answer: end === -1 ? null : (JSON.parse(line.slice(end + 1)) as Answer) }];
  });
}
