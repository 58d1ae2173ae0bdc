import { err, out, type ToolRun } from '../tool/program.ts';
import { PPU_PCI_ID } from '../pci.ts';
import { parseOptions } from './arguments.ts';
import type { Session } from './session.ts';

const CLASS = '3D controller';
const DEVICE = 'Alibaba (China) Co., Ltd. PPU';

/**
 * `lspci [-D] [-n|-nn] -d 1ded:6001`: what of the server's cards is on the PCI bus, whatever the driver thinks of it. A
 * drained card is; a lost one answers with all bits set, so its revision reads as `ff`; a removed one is not.
 */
export async function* lspci({ driver }: Session, args: readonly string[]): ToolRun {
  const options = parseOptions(args, {
    '-D': ['nothing'],
    '-n': ['nothing'],
    '-nn': ['nothing'],
    '-d': ['value'],
    '-s': ['value'],
  });
  const id = options.get('-d') ?? PPU_PCI_ID;
  if (!/^[0-9a-f]{0,4}:[0-9a-f]{0,4}$/i.test(id)) {
    yield err(`lspci: -d: Invalid ID '${id}'\n`);
    return 1;
  }
  if (!matches(id.toLowerCase(), PPU_PCI_ID)) return 0;
  const onBus = [...(await driver.presence())].sort((a, b) => (a.pciBusId < b.pciBusId ? -1 : 1));
  for (const { pciBusId, state } of onBus) {
    if (state === 'removed') continue;
    const isPlain = !options.has('-D') && pciBusId.startsWith('00000000:');
    const slot = isPlain ? pciBusId.slice(9) : pciBusId.replace(/^0000(?=[0-9a-f]{4}:)/, '');
    const revision = state === 'lost' ? ' (rev ff)' : ' (rev 01)';
    yield out(`${slot} ${deviceText(options.has('-n'), options.has('-nn'))}${revision}\n`);
  }
  return 0;
}

function deviceText(isNumeric: boolean, isBoth: boolean): string {
  if (isNumeric) return `0302: ${PPU_PCI_ID}`;
  return isBoth ? `${CLASS} [0302]: ${DEVICE} [${PPU_PCI_ID}]` : `${CLASS}: ${DEVICE}`;
}

function matches(asked: string, id: string): boolean {
  const [vendor = '', device = ''] = asked.split(':');
  const [ownVendor, ownDevice] = id.split(':');
  return (vendor === '' || vendor === ownVendor) && (device === '' || device === ownDevice);
}
