import type { Instant } from '#lib/core/instant.ts';
import { MIB } from '../card-profile.ts';
import { parseToolCsv } from '../tool/csv.ts';
import { type DeviceProcess, DriverCode, DriverError } from '../types.ts';
import { readQuantity } from './cell.ts';

/** The name stands last: a program may call itself what it likes, even with a separator in it. */
const KEYS = ['gpu_uuid', 'pid', 'used_gpu_memory', 'process_name'] as const;

export const PROCESS_ARGS: readonly string[] = [`--query-compute-apps=${KEYS.join(',')}`, '--format=csv'];

/** The compute processes on a card. Throws `UNKNOWN` for what is no such table. */
export function processesOf(text: string, uuid: string, at: Instant): DeviceProcess[] {
  return parseToolCsv(text, KEYS).flatMap((row) => {
    if (row.get('gpu_uuid') !== uuid) return [];
    const pid = readQuantity(row.get('pid'), '', 1, at);
    if (!pid.ok) throw new DriverError(DriverCode.UNKNOWN, 'processes', uuid);
    const usedBytes = readQuantity(row.get('used_gpu_memory'), 'MiB', MIB, at);
    return [{ pid: pid.value, usedBytes, name: row.get('process_name') ?? null }];
  });
}
