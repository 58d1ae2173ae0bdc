import { normalisePciBusId } from '../pci.ts';

/** What the driver writes of every card that it holds, drained ones too, with the file's name before each line. */
export const PROC_ARGS: readonly string[] = ['-rH', '.', '/proc/driver/nvidia/gpus'];

export type ProcInfo = { readonly uuid: string | null; readonly minor: number | null };

const LINE = /\/gpus\/([0-9a-f:.]+)\/information:([^:]+):\s*(.*)$/i;
const UUID = /^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The uuid and the minor number by bus. A card not yet initialised has question marks for a uuid: null. */
export function parseProcInfo(text: string): ReadonlyMap<string, ProcInfo> {
  const infos = new Map<string, ProcInfo>();
  for (const line of text.split('\n')) {
    const match = LINE.exec(line);
    const busId = normalisePciBusId(match?.[1] ?? '');
    if (!match || busId === null) continue;
    const known = infos.get(busId) ?? { uuid: null, minor: null };
    const value = (match[3] ?? '').trim();
    const isMinor = match[2] === 'Device Minor' && /^\d+$/.test(value);
    const isUuid = match[2] === 'GPU UUID' && UUID.test(value);
    infos.set(busId, { uuid: isUuid ? value : known.uuid, minor: isMinor ? Number(value) : known.minor });
  }
  return infos;
}
