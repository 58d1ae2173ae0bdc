import { type Instant, toIso } from '#lib/core/instant.ts';
import type { ToolCommand } from '../../tool/command.ts';
import type { DeviceDriver, DeviceEvent, DeviceEventType, EventStream, RecoveryAction } from '../../types.ts';
import { shortBus, printed } from './words.ts';
import type { ToolAge } from './composed-query.ts';

const ACTION_NUMBERS: Readonly<Record<RecoveryAction, string>> = {
  none: '0x0 (None)',
  device_reset: '0x1 (GPU Reset Required)',
  node_reboot: '0x2 (Node Reboot Required)',
  drain_p2p: '0x3 (Drain P2P)',
  drain_and_reset: '0x4 (Drain and Reset)',
  cold_reboot: '0x2 (Node Reboot Required)',
};

/** The kernel's log of a server: what its cards' faults make the driver write, and an entry of the boot before. */
export class ComposedJournal implements ToolCommand {
  readonly #lines: string[] = [];
  readonly #stream: EventStream;
  readonly #busOf: (uuid: string) => string | undefined;
  #grown = Promise.withResolvers<void>();

  /** Only newer drivers write what they ask for. */
  constructor(driver: DeviceDriver, at: Instant, age: ToolAge, busOf: (uuid: string) => string | undefined) {
    this.#busOf = busOf;
    const told: DeviceEventType[] = age === 'r570' ? ['xid', 'recovery_action'] : ['xid'];
    this.#stream = driver.events(told, new AbortController().signal);
    this.append(at, 'nvidia 0000:1b:00.0: enabling device (0140 -> 0142)');
    void this.#write();
  }

  /** Writes an entry as the journal prints it. */
  append(at: Instant, message: string, fields: Readonly<Record<string, string>> = {}): void {
    const number = this.#lines.length.toString(16);
    const entry = {
      __CURSOR: `s=8f1c;i=${number};b=77aa;m=${number};t=${at.toString(16)};x=${number}`,
      __REALTIME_TIMESTAMP: String(at * 1_000),
      _TRANSPORT: 'kernel',
      SYSLOG_IDENTIFIER: 'kernel',
      MESSAGE: message,
      ...fields,
    };
    this.appendLine(JSON.stringify(entry));
  }

  appendLine(line: string): void {
    this.#lines.push(line);
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
  }

  async run(args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    // A turn of the event loop lets the writer take what has happened, as `--sync` lets the journal.
    while (this.#stream.pending > 0) await new Promise((resolve) => setImmediate(resolve));
    return printed(args.includes('--sync') ? '' : `${this.#lines.at(-1) ?? ''}\n`);
  }

  async *follow(_args: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => aborted.resolve(), { once: true });
    for (let next = this.#lines.length - 1; ; ) {
      while (next < this.#lines.length && !signal.aborted) {
        yield this.#lines[next] ?? '';
        next += 1;
      }
      if (signal.aborted) return;
      await Promise.race([this.#grown.promise, aborted.promise]);
    }
  }

  async #write(): Promise<void> {
    for await (const event of this.#stream) {
      const message = this.#messageOf(event);
      if (message !== null) this.append(event.at, message);
    }
  }

  #messageOf(event: DeviceEvent): string | null {
    const bus = this.#busOf(event.uuid ?? '');
    if (bus === undefined) return null;
    const head = `NVRM: Xid (PCI:${shortBus(bus).slice(0, -2).toLowerCase()})`;
    if (event.type === 'xid') return `${head}: ${event.code}, pid=4711, name=python, as of ${toIso(event.at)}.`;
    if (event.type !== 'recovery_action') return null;
    return `${head}: 154, GPU recovery action changed from 0x0 (None) to ${ACTION_NUMBERS[event.action]}`;
  }
}
