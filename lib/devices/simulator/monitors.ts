import type { DeviceHolder } from '../simulation.ts';
import { takePid } from './processes.ts';
import type { SimNode } from './state.ts';

/** Starts a service that keeps the device nodes of a server open; its pid. */
export function startMonitor(node: SimNode, name: string): number {
  const pid = takePid(node);
  node.monitors = new Map([...node.monitors, [pid, name]]);
  return pid;
}

/** Ends a monitor; false when no monitor has the pid. */
export function killMonitor(node: SimNode, pid: number): boolean {
  const isThere = node.monitors.has(pid);
  node.monitors = new Map([...node.monitors].filter(([own]) => own !== pid));
  return isThere;
}

/** Who keeps the device nodes of a server open, by pid. */
export function holdersOf(node: SimNode): DeviceHolder[] {
  const processes = new Set(node.cards.flatMap((card) => card.processes));
  const holders = [
    ...[...processes].map(({ pid, name }): DeviceHolder => ({ pid, name, kind: 'process' })),
    ...[...node.monitors].map(([pid, name]): DeviceHolder => ({ pid, name, kind: 'monitor' })),
  ];
  return holders.sort((a, b) => a.pid - b.pid);
}
