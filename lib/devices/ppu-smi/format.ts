import { type Instant, toIso } from '#lib/core/instant.ts';
import { MIB } from '../card-profile.ts';
import { errorTextOf } from '../tool/error-text.ts';
import { type Attempt, DriverCode, type NumberReading } from '../types.ts';

/** `2026/11/21 06:00:00.000`, the tool's timestamp; the host's zone is UTC. */
export function timestampText(at: Instant): string {
  return toIso(at).slice(0, -1).replaceAll('-', '/').replace('T', ' ');
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sat Nov 21 06:00:00 2026`, as reports begin. */
export function dateText(at: Instant): string {
  const iso = toIso(at);
  const day = DAYS[new Date(at).getUTCDay()] ?? '';
  const month = MONTHS[Number(iso.slice(5, 7)) - 1] ?? '';
  return `${day} ${month} ${iso.slice(8, 10)} ${iso.slice(11, 19)} ${iso.slice(0, 4)}`;
}

/** Milliwatts as watts with two places, without the unit. */
export function wattsText(milliwatts: number): string {
  const hundredths = Math.round(milliwatts / 10);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}

/** Bytes as whole mebibytes, without the unit. */
export function mebibytesText(bytes: number): string {
  return String(Math.round(bytes / MIB));
}

/** Memory that can still be given out: usable less used, each in whole mebibytes, so that the printed sum is exact. */
export function freeMebibytes(sample: {
  readonly memUsableBytes: NumberReading;
  readonly memUsedBytes: NumberReading;
}): Attempt<string> {
  const { memUsableBytes, memUsedBytes } = sample;
  if (!memUsedBytes.ok) return memUsedBytes;
  return mapTold(memUsableBytes, (usable) => String(Math.floor(usable / MIB) - Math.round(memUsedBytes.value / MIB)));
}

/** A PCI bus id as the tool prints it. */
export function busText(pciBusId: string): string {
  return pciBusId.toUpperCase();
}

/** What stands where a value would: the value with its unit, `N/A`, or the error in words. */
export function cellText(told: Attempt<string>, unit: string | null, brackets: boolean): string {
  if (told.ok) return unit === null ? told.value : `${told.value} ${unit}`;
  if (told.code === DriverCode.NOT_SUPPORTED) return 'N/A';
  return brackets ? `[${errorTextOf(told.code)}]` : errorTextOf(told.code);
}

/** Changes the value of what could be told. */
export function mapTold<T, U>(told: Attempt<T>, change: (value: T) => U): Attempt<U> {
  return told.ok ? { ok: true, value: change(told.value) } : { ok: false, code: told.code };
}

/** A value that may be missing; the tool has no words for it but `N/A`. */
export function toldOr<T>(value: T | null): Attempt<T> {
  return value === null ? { ok: false, code: DriverCode.NOT_SUPPORTED } : { ok: true, value };
}
