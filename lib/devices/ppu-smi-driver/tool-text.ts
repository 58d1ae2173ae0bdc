import type { ToolCommand, ToolResult, ToolRunOptions } from '../tool/command.ts';
import { codeOfText } from '../tool/error-text.ts';
import { DriverCode, DriverError } from '../types.ts';

/** A failure is told in a sentence or two; more lines are an answer, whole or not. */
const SENTENCE_LINES_MAX = 2;

/** The code of which an output speaks that is nothing but a sentence of failure; null for any other output. */
function codeOfSentence(text: string): DriverCode | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length === 0 || lines.length > SENTENCE_LINES_MAX ? null : codeOfText(text.trim());
}

/**
 * Reads what a tool answered. The status proves nothing by itself, so the answer must be what `parse` takes; what is
 * not becomes the code that its text speaks of, and `UNKNOWN` when it speaks of none.
 */
export function readResult<T>(op: string, { stdout, stderr, exitCode }: ToolResult, parse: (text: string) => T): T {
  if (exitCode === 0) {
    try {
      return parse(stdout);
    } catch (error) {
      if (!(error instanceof DriverError) || error.code !== DriverCode.UNKNOWN) throw error;
    }
  }
  throw new DriverError(codeOfSentence(`${stdout}\n${stderr}`) ?? DriverCode.UNKNOWN, op);
}

/** Runs a tool and reads its answer, as {@link readResult} does. */
export async function readTool<T>(
  tool: ToolCommand,
  args: readonly string[],
  options: ToolRunOptions,
  parse: (text: string) => T,
): Promise<T> {
  return readResult(args.join(' '), await tool.run(args, options), parse);
}

/** An output that cannot be read: broken off, garbled, or of a build that prints something else. */
export function unreadable(what: string): DriverError {
  return new DriverError(DriverCode.UNKNOWN, what);
}
