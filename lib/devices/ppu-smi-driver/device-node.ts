import { stat } from 'node:fs/promises';

/** The minor number of a device node of this machine; null when there is no such node to look at. */
export async function localNodeMinor(path: string): Promise<number | null> {
  try {
    const { rdev } = await stat(path, { bigint: true });
    return minorOf(rdev);
  } catch {
    return null;
  }
}

/** The minor number in a Linux device number: its lowest eight bits, and those above the twelve of the major. */
export function minorOf(rdev: bigint): number {
  return Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n));
}
