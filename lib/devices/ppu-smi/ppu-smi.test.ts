import { describe, expect, test } from 'vitest';
import { at, openTestFleet, type TestFleet } from '../testing.ts';
import { ppuTools } from './ppu-smi.ts';

const AT = at('2026-11-21T06:00:00Z');
const UUID_0 = 'GPU-018546fe-db71-f0b8-0000-0c6bdbce003d';

/** A server and its tools: what a command line prints, and its exit status. */
function openHost(modelId = 'zw810e') {
  const fleet: TestFleet = openTestFleet({ modelId });
  const tools = ppuTools({
    openDriver: () => fleet.world.driver('node-000'),
    now: () => AT,
    wait: async () => undefined,
  });
  const run = async (line: string): Promise<{ out: string; status: number }> => {
    const [program = '', ...args] = line.split(' ');
    const steps = tools.get(program)?.(args, new AbortController().signal);
    let out = '';
    for (;;) {
      const step = await steps?.next();
      if (!step) throw new Error(`no ${program}`);
      if (step.done) return { out, status: step.value };
      out += step.value.text;
    }
  };
  const first = async (line: string, lines: number): Promise<string[]> =>
    (await run(line)).out.split('\n').slice(0, lines);
  return { fleet, tools, run, first, host: fleet.world.host('node-000') };
}

describe('ppu-smi prints', () => {
  test('a list', async () => {
    expect(await openHost().first('ppu-smi -L', 2)).toEqual([
      `PPU 0: PPU-ZW810E (UUID: ${UUID_0})`,
      'PPU 1: PPU-ZW810E (UUID: GPU-018546fe-decb-2d02-0000-3abf4d9b395a)',
    ]);
  });

  test('tables with canonical names in the header, units, and N/A for what is not supported', async () => {
    const { run } = openHost();
    const query =
      'ppu-smi --query-gpu=gpu_bus_id,utilization.gpu,temperature.gpu,power.draw,memory.total,compute_mode -i 0';
    expect((await run(`${query} --format=csv`)).out).toBe(
      'pci.bus_id, utilization.ppu [%], temperature.ppu [C], power.draw [W], memory.total [MiB], compute_mode\n' +
        '00000000:A8:00.0, 0 %, 35 C, 93.44 W, 98304 MiB, N/A\n',
    );
    expect((await run(`${query} --format=csv,noheader,nounits`)).out).toBe(
      '00000000:A8:00.0, 0, 35, 93.44, 98304, N/A\n',
    );
  });

  test('timestamps, processes with their commas, retired pages and remapped rows', async () => {
    const { run, fleet, host } = openHost();
    host.spawn({ uuids: [fleet.uuid(0)], name: 'python a.py, b', runSeconds: null, exitCode: 0, load: 'training' });
    expect((await run('ppu-smi --query-compute-apps=timestamp,pid,process_name,used_memory --format=csv')).out).toBe(
      'timestamp, pid, process_name, used_memory [MiB]\n2026/11/21 06:00:00.000, 4000, python a.py, b, 90440 MiB\n',
    );
    await fleet.inject('hbm_uecc', 0);
    expect((await run('ppu-smi --query-retired-pages=ppu_uuid,retired_pages.cause --format=csv,noheader')).out).toBe(
      `${UUID_0}, Double Bit ECC\n`,
    );
    expect((await run('ppu-smi --query-remapped-rows=remapped_rows.pending --format=csv,noheader -i 0')).out).toBe(
      '1\n',
    );
    expect(
      (await run('ppu-smi --query-ppu=memory.total,memory.reserved,memory.free --format=csv,noheader -i 0')).out,
    ).toBe('98304 MiB, 2 MiB, 98302 MiB\n');
  });

  test('events and samples as rows of number, padded metric, epoch microseconds and value', async () => {
    const { run } = openHost('m890');
    expect((await run('ppu-smi stats -d pwrDraw,temp -i 0 -c 1')).out).toBe(
      '0, pwrDraw , 1795240800000000, 93\n0, temp    , 1795240800000000, 31\n',
    );
  });

  test('a column without a value where nothing tells it, and no row', async () => {
    const { run } = openHost('m890');
    expect((await run('ppu-smi dmon -c 1 -s pvt -i 0')).out.split('\n')).toEqual([
      '# ppu    pwr  temp mtemp pviol tviol rxpci txpci',
      '# Idx      W     C     C     %     %  MB/s  MB/s',
      '    0     93    31    35     -     -     -     -',
      '',
    ]);
    expect(await run('ppu-smi stats -d violPwr,violThm,temp -i 0 -c 1')).toEqual({
      out: '0, temp    , 1795240800000000, 31\n',
      status: 0,
    });
  });

  test('links, one aspect at a time', async () => {
    const { fleet, first } = openHost();
    await fleet.inject('icn_half_width', 0);
    expect(await first('ppu-smi icn -s -i 0', 3)).toEqual([
      `PPU 0: PPU-ZW810E (UUID: ${UUID_0})`,
      '\t Link 0: 50 GB/s',
      '\t Link 1: 50 GB/s',
    ]);
    expect(await first('ppu-smi icn -r -i 0 -l 0', 2)).toContain('\t Link 0: Remote Device 00000000:A7:00.0: Link 0');
    expect((await first('ppu-smi icn -lw -i 0', 8)).filter((line) => line.endsWith(' 8x'))).toHaveLength(1);
    expect(await first('ppu-smi icn -gt d', 1)).toEqual(['Not Supported']);
  });

  test('the matrix of the vendor’s box, ICN first, and PCI alone when asked', async () => {
    const { first } = openHost();
    const cells = async (line: string): Promise<string[]> => (await first(line, 2))[1]?.split('\t').slice(0, 9) ?? [];
    expect(await cells('ppu-smi topo -m')).toEqual(['PPU0', 'X', 'ICN2', 'NODE', 'ICN1', 'SYS', 'SYS', 'ICN2', 'SYS']);
    expect(await cells('ppu-smi topo -mp')).toEqual(['PPU0', 'X', 'NODE', 'NODE', 'NODE', 'SYS', 'SYS', 'SYS', 'SYS']);
    expect(await cells('ppu-smi topo -p2p r')).toEqual(['PPU0', 'X', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK']);
  });

  test.each(['-h', '--help-query-ppu', '--help-query-gpu', '-q -d ECC,POWER', '-q', 'pmon -c 1', ''])(
    'something for %j, with status 0',
    async (args) => {
      const { out, status } = await openHost().run(`ppu-smi ${args}`.trim());
      expect(out.length).toBeGreaterThan(100);
      expect(status).toBe(0);
    },
  );
});

describe('the traps of the real tool', () => {
  test('a driver that is not there is a sentence and status 0, and the bus needs none', async () => {
    const { fleet, run } = openHost();
    await fleet.world.injector.inject({ target: { nodeId: 'node-000' }, kind: 'driver_unloaded' });
    for (const args of ['-L', '-q', '--query-ppu=uuid --format=csv', 'stats', 'icn -s', 'drain -q', '-r -eow']) {
      expect(await run(`ppu-smi ${args}`)).toEqual({ out: 'init HGML error: driver is not loaded\n', status: 0 });
    }
    expect((await run('lspci -d 1ded:6001')).out.split('\n')).toHaveLength(17);
  });

  test('a change fails with status 0 unless -eow was given, and what is not supported stays 0 even then', async () => {
    const { fleet, run, host } = openHost();
    host.spawn({ uuids: [fleet.uuid(5)], name: 'job', runSeconds: null, exitCode: 0, load: 'idle' });
    expect((await run('ppu-smi -r -i 0')).status).toBe(0);
    expect(await run('ppu-smi -r -i 0 -eow')).toMatchObject({ status: 19, out: expect.stringContaining('In use') });
    expect(await run('ppu-smi -mps 1 -i 0 -eow')).toMatchObject({
      status: 0,
      out: expect.stringContaining('Not Supported'),
    });
    expect(await run('ppu-smi -pl 1 -i 0 -eow')).toMatchObject({
      status: 2,
      out: expect.stringContaining('Invalid Argument'),
    });
  });

  test('a change without -i is made to every card', async () => {
    const { run } = openHost('m890');
    expect((await run('ppu-smi -pl 500')).out.match(/was set to 500\.00 W/g)).toHaveLength(8);
  });

  test('a reset is refused while another ppu-smi watches', async () => {
    const { tools, run } = openHost();
    const watching = new AbortController();
    const monitor = tools.get('ppu-smi')?.(['stats', '-d', 'pwrDraw'], watching.signal);
    await monitor?.next();
    expect(await run('ppu-smi -r -i 0 -eow')).toMatchObject({ status: 19 });
    watching.abort();
    expect(await run('ppu-smi -r -i 0 -eow')).toMatchObject({
      status: 0,
      out: expect.stringContaining('successfully reset'),
    });
  });

  test('a drained card vanishes from every table but not from the bus; a removed one from both; a lost one reads ff', async () => {
    const { fleet, run } = openHost();
    const drained = 'drain -p 0000:A8:00.0';
    expect((await run(`ppu-smi ${drained} -r`)).out).toContain('Invalid State');
    await run(`ppu-smi ${drained} -m 1`);
    expect((await run('ppu-smi -L')).out).not.toContain(UUID_0);
    expect((await run(`ppu-smi -q -i ${UUID_0}`)).out).toBe('No devices were found\n');
    expect((await run(`ppu-smi ${drained} -q`)).out).toBe(
      'The current drain state of PPU 00000000:A8:00.0 is: draining.\n',
    );
    expect((await run('lspci -D -d 1ded:6001')).out).toContain('0000:a8:00.0 3D controller');
    await run(`ppu-smi ${drained} -r`);
    expect((await run('lspci -d 1ded:6001')).out).not.toContain('a8:00.0');
    await run('ppu-smi drain -d');
    expect((await run('ppu-smi -L')).out).toContain(UUID_0);
    await fleet.inject('lost', 0);
    expect((await run('lspci -d 1ded:')).out).toMatch(/a8:00\.0 .*\(rev ff\)/);
    expect((await run(`ppu-smi --query-ppu=temperature.ppu,uuid --format=csv,noheader -i ${UUID_0}`)).out).toBe(
      `[PPU is lost], ${UUID_0}\n`,
    );
    expect((await run(`ppu-smi -q -i ${UUID_0}`)).out).toMatch(/PPU Recovery Action +: Cold Reboot/);
  });

  test('the numbers of cards are others after a reboot', async () => {
    const { fleet, host, first } = openHost();
    host.perform('os_reboot');
    fleet.passTo('2026-11-21T07:00:00Z');
    expect((await first('ppu-smi -L', 2))[1]).toContain(UUID_0);
  });

  test.each([
    ['--query-ppu=uuid,nonsense --format=csv', 'Field "nonsense" is not a valid field to query.\n'],
    ['--query-ppu=uuid', expect.stringContaining('--format')],
    ['--query-ppu=uuid --format=json', expect.stringContaining('csv')],
    ['--nonsense', expect.stringContaining('"--nonsense" is not recognized')],
    ['-q -d NONSENSE', expect.stringContaining('NONSENSE')],
    ['stats -d nonsense', expect.stringContaining('nonsense')],
    ['dmon -c 0', expect.stringContaining('"0"')],
    ['-pl lots', expect.stringContaining('lots')],
    ['-pl', expect.stringContaining('needs a value')],
    ['--reset EVERYTHING', expect.stringContaining('EVERYTHING')],
    ['drain -m 1', expect.stringContaining('PCI id')],
    ['drain -p nonsense -m 1', expect.stringContaining('nonsense')],
  ])('%j is told what is wrong with it', async (args, out) => {
    expect(await openHost().run(`ppu-smi ${args}`)).toEqual({ out, status: 2 });
  });
});
