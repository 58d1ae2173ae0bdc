import { z } from 'zod';

/** A request: one line of JSON. Without a server it goes to the first one. */
const requestSchema = z.strictObject({
  node: z.string().min(1).max(200).nullable(),
  program: z.string().min(1).max(100),
  args: z.array(z.string().max(8_192)).max(64),
});
export type ToolRequest = z.infer<typeof requestSchema>;

export const REQUEST_BYTES_MAX = 65_536;

/** The answer: lines of JSON, output as it comes and then the exit status. */
export type ToolFrame = { readonly stdout: string } | { readonly stderr: string } | { readonly exit: number };

/** Reads a line; null for what is no request. */
export function parseToolRequest(line: string): ToolRequest | null {
  try {
    const parsed = requestSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
