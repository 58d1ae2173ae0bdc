import { describe, expect, test } from 'vitest';
import { plusSeconds } from '#lib/core/instant.ts';
import { FleetWatch } from '../watch.ts';
import type { ToolCommand } from '../tool/command.ts';
import { DriverCode, SAMPLE_FIELDS } from '../types.ts';
import { minorOf } from './device-node.ts';
import { openRig, type RigOptions } from './testing-rig.ts';

/** A tool of another build: what it is asked is changed on the way in, what it prints on the way out. */
function build(change: {
  readonly args?: (args: readonly string[]) => readonly string[] | string;
  readonly text?: (out: string, args: readonly string[]) => string;
}): NonNullable<RigOptions['corrupt']> {
  return (tool: ToolCommand) => ({
    run: async (args, options) => {
      const asked = change.args?.(args) ?? args;
      if (typeof asked === 'string') return { stdout: asked, stderr: '', exitCode: 2 };
      const result = await tool.run(asked, options);
      return { ...result, stdout: change.text?.(result.stdout, args) ?? result.stdout };
    },
    follow: (args, signal) => tool.follow(args, signal),
  });
}

async function openServer(options: RigOptions = {}) {
  const rig = openRig(options);
  const driver = rig.connect();
  await driver.init();
  const cards = await driver.list();
  return { rig, driver, cards, uuid: cards[0]?.uuid ?? '' };
}

const OLD_NAMES: readonly (readonly [string, string])[] = [
  ['utilization.ppu', 'utilization.gpu'],
  ['temperature.ppu', 'temperature.gpu'],
  ['clocks.current.cu', 'clocks.current.sm'],
];

describe('builds that differ', () => {
  test('one that wants --query-gpu and the older names is asked again by them, and remembered', async () => {
    const old = build({
      args: (args) => {
        const query = args.find((arg) => arg.startsWith('--query-ppu'));
        if (query !== undefined) return `Option "${query}" is not recognized. Please run 'ppu-smi -h'.\n`;
        const unknown = OLD_NAMES.find(([name]) => args.some((arg) => arg.split(/[=,]/).includes(name)));
        return unknown ? `Field "${unknown[0]}" is not a valid field to query.\n` : args;
      },
      text: (out) => OLD_NAMES.reduce((text, [name, older]) => text.replaceAll(name, older), out),
    });
    const { rig, driver, uuid } = await openServer({ corrupt: old });
    const whole = await openServer();
    expect(await driver.sample({ uuid }, SAMPLE_FIELDS)).toEqual(await whole.driver.sample({ uuid }, SAMPLE_FIELDS));
    rig.traffic.runs = [];
    await driver.sample({ uuid }, ['utilPct', 'tempC', 'cuClockMhz']);
    expect(rig.traffic.runs).toHaveLength(1);
  });

  test('a name that a build does not know under any spelling is not supported, and spoils nothing else', async () => {
    const poor = build({
      args: (args) => {
        const gone = [
          'clocks_throttle_reasons.active',
          'clocks_event_reasons.active',
          'temperature.memory',
          'remapped_rows.pending',
        ];
        const unknown = gone.find((name) => args.some((arg) => arg.split(/[=,]/).includes(name)));
        return unknown === undefined ? args : `Field "${unknown}" is not a valid field to query.\n`;
      },
    });
    const { driver, uuid } = await openServer({ corrupt: poor });
    const sample = await driver.sample({ uuid }, ['throttleBits', 'memTempC', 'remapPending', 'tempC']);
    const absent = { ok: false, code: DriverCode.NOT_SUPPORTED };
    expect(sample).toMatchObject({ throttleBits: absent, memTempC: absent, remapPending: absent, tempC: { ok: true } });
  });

  test.each([
    ['5', { ok: false, code: DriverCode.UNKNOWN }],
    ['PPU Reset Bus', { ok: false, code: DriverCode.UNKNOWN }],
    ['20', { ok: true, value: 'cold_reboot' }],
    ['GPU Reset', { ok: true, value: 'device_reset' }],
    ['N/A', { ok: false, code: DriverCode.NOT_SUPPORTED }],
    ['PPU is lost', { ok: false, code: DriverCode.DEVICE_LOST }],
  ])('a recovery action of %j is what is known of it', async (words, reading) => {
    const other = build({ text: (out) => out.replace(/(PPU Recovery Action +): None/g, `$1: ${words}`) });
    const { driver, uuid } = await openServer({ corrupt: other });
    expect(await driver.recoveryAction({ uuid })).toMatchObject(reading);
  });

  test('eighteen links, and none of the reports that are not needed, are no error', async () => {
    const more = Array.from({ length: 11 }, (_, i) => 7 + i);
    const other = build({
      args: (args) => (args[0] === 'icn' && args[1] !== '-s' && args[1] !== '-r' ? 'Not Supported\n' : args),
      text: (out, args) =>
        args[0] === 'icn'
          ? out.replace(/(\t Link 6: .*\n)/g, (line) => line + more.map((id) => `\t Link ${id}: <inactive>\n`).join(''))
          : out,
    });
    const { driver, cards, uuid } = await openServer({ corrupt: other });
    expect(cards[0]?.icnLinks).toBe(18);
    const links = await driver.links({ uuid });
    expect(links).toHaveLength(18);
    expect(links[0]).toMatchObject({ state: 'active', lanes: { ok: false, code: DriverCode.NOT_SUPPORTED } });
    expect(links[17]).toMatchObject({ state: 'inactive', remote: { kind: 'unknown' } });
  });

  test('a link whose far end is hidden once it is down is still a link that is down', async () => {
    const hiding = build({
      text: (out, args) => {
        if (args[0] !== 'icn' || args[1] !== '-r' || !isCut) return out;
        return out.replace(/Remote Device .*/g, '<inactive>');
      },
    });
    let isCut = false;
    const { driver, uuid } = await openServer({ corrupt: hiding });
    const before = await driver.links({ uuid });
    isCut = true;
    expect((await driver.links({ uuid })).map(({ remote }) => remote)).toEqual(before.map(({ remote }) => remote));
  });

  test('without a PCI view the tool itself says what became of a card', async () => {
    const { rig, driver, cards } = await openServer({ connection: { lspci: null } });
    const [drained, lost] = cards;
    await driver.setDrain(drained?.pciBusId ?? '', true);
    await rig.inject(lost?.uuid ?? '', 'lost');
    const states = new Map((await driver.presence()).map(({ uuid, state }) => [uuid, state]));
    expect(states.get(drained?.uuid ?? '')).toBe('draining');
    expect(states.get(lost?.uuid ?? '')).toBe('lost');
    expect([...states.values()].filter((state) => state === 'present')).toHaveLength(cards.length - 2);
  });

  test('a card that left the bus was taken off it when it was drained before, and fell off otherwise', async () => {
    const hidden = new Set<string>();
    const hiding = build({
      text: (out, args) =>
        args[0] === '-D'
          ? out
              .split('\n')
              .filter((line) => !hidden.has(`0000${line.split(' ')[0]}`))
              .join('\n')
          : out,
    });
    const { rig, driver, cards } = await openServer({ corrupt: hiding });
    const [removed, lost] = cards;
    await driver.setDrain(removed?.pciBusId ?? '', true);
    await driver.remove(removed?.pciBusId ?? '');
    await rig.inject(lost?.uuid ?? '', 'lost');
    hidden.add(lost?.pciBusId ?? '');
    const states = new Map((await driver.presence()).map(({ uuid, state }) => [uuid, state]));
    expect([states.get(removed?.uuid ?? ''), states.get(lost?.uuid ?? '')]).toEqual(['removed', 'lost']);
    // A bus without a card that the driver works with is no bus view at all.
    hidden.add(cards[2]?.pciBusId ?? '');
    await expect(driver.presence()).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
  });

  test('when no card is left in the list, each still says why', async () => {
    const { rig, driver, cards } = await openServer({ modelId: 'm890' });
    for (const { uuid } of cards) await rig.inject(uuid, 'lost');
    const samples = await Promise.all(cards.map(({ uuid }) => driver.sample({ uuid }, ['tempC'])));
    expect(samples).toEqual(cards.map(() => ({ tempC: { ok: false, code: DriverCode.DEVICE_LOST } })));
    expect(await driver.list()).toEqual([]);
  });

  test('a lost card shows on the bus while the driver is away', async () => {
    const { rig, driver, cards } = await openServer();
    await rig.inject(cards[1]?.uuid ?? '', 'lost');
    await rig.injectServer('driver_unloaded');
    const states = (await driver.presence()).filter(({ state }) => state !== 'present');
    expect(states).toEqual([{ pciBusId: cards[1]?.pciBusId, uuid: cards[1]?.uuid, state: 'lost' }]);
  });
});

describe('a card whose device node is not its own', () => {
  test('is refused: neither listed nor read nor changed', async () => {
    const nodeMinor = async (path: string): Promise<number | null> => (path.endsWith('ppu3') ? 9 : null);
    const whole = await openServer();
    const { driver, cards } = await openServer({ connection: { nodeMinor } });
    const refused = whole.cards.find((card) => card.deviceNode.endsWith('ppu3'));
    const ref = { uuid: refused?.uuid ?? '' };
    expect(cards).toHaveLength(whole.cards.length - 1);
    const invalid = { code: DriverCode.INVALID_STATE };
    await expect(driver.info(ref)).rejects.toMatchObject(invalid);
    await expect(driver.sample(ref, ['tempC'])).rejects.toMatchObject(invalid);
    await expect(driver.recoveryAction(ref)).rejects.toMatchObject(invalid);
    await expect(driver.reset(ref, 'ppu')).rejects.toMatchObject(invalid);
    expect((await driver.presence()).find(({ uuid }) => uuid === ref.uuid)?.state).toBe('present');
  });

  test('is looked at again after its driver was away', async () => {
    let isWrong = true;
    const nodeMinor = async (path: string): Promise<number | null> => (isWrong && path.endsWith('ppu3') ? 9 : null);
    const { rig, driver, cards } = await openServer({ connection: { nodeMinor } });
    isWrong = false;
    expect(await driver.list()).toHaveLength(cards.length);
    rig.passTo(plusSeconds(rig.host.perform('driver_restart'), 1));
    await rig.settle();
    expect(await driver.list()).toHaveLength(cards.length + 1);
  });

  test.each([
    [0x1_0003n, 3],
    [0xf_ff_03n, 3],
    [(0x12n << 20n) | 0x34n | (0xabn << 8n), 0x1234],
  ])('device number %s has minor %d', (rdev, minor) => expect(minorOf(rdev)).toBe(minor));
});

describe('what a look at sixteen cards costs', () => {
  test('sixteen samples at once are one run of the tool', async () => {
    const { rig, driver, cards } = await openServer();
    rig.traffic.runs = [];
    await Promise.all(cards.map(({ uuid }) => driver.sample({ uuid }, ['tempC', 'powerMw'])));
    expect(rig.traffic.runs).toHaveLength(1);
  });

  test('a whole round of a watch takes nine runs, however many cards there are', async () => {
    const { rig, driver, uuid } = await openServer();
    const watch = new FleetWatch(new Map([['node-000', driver]]));
    await watch.settled();
    rig.traffic.runs = [];
    await watch.reread();
    expect(rig.traffic.runs.map((run) => run.split(/[ =]/)[0]).sort()).toEqual([
      '--query-ppu',
      '--query-ppu',
      '-D',
      '-q',
      'icn',
      'icn',
      'icn',
      'icn',
      'icn',
    ]);
    expect(watch.verdict(uuid)?.health).toBe('healthy');
    watch.close();
  });
});
