import { setImmediate as turn } from 'node:timers/promises';
import { invariant, present } from '#lib/core/assert.ts';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import type { ConformanceSubject } from '../conformance-rule.ts';
import { PPU_CONTAINER } from '../containers.ts';
import { CardDevicePlugin } from '../device-plugin.ts';
import { ppuTools } from '../ppu-smi/ppu-smi.ts';
import { openFleet } from '../registry.ts';
import { at, nodeSpecs } from '../testing.ts';
import type { ToolCommand } from '../tool/command.ts';
import { programCommand } from '../tool/in-process.ts';
import type { DeviceDriver } from '../types.ts';
import { PpuSmiDriver } from './ppu-smi-driver.ts';
import type { PpuSmiConnection } from './connection.ts';
import { PpuSmiServer } from './server.ts';

const NODE = 'node-000';
const TURNS_QUIET = 8;
const TURNS_MAX = 20_000;

/** Changes a tool on its way to the driver: what it prints, how it ends, or whether it does. */
export type Corruption = (tool: ToolCommand) => ToolCommand;

export type RigOptions = {
  readonly modelId?: string;
  readonly corrupt?: Corruption;
  readonly connection?: Partial<PpuSmiConnection>;
};

/** A simulated server behind our `ppu-smi`, behind the driver: simulator, text, adapter, in one process. */
export function openRig({ modelId = 'zw810e', corrupt = (tool) => tool, connection = {} }: RigOptions = {}) {
  let now = at('2026-11-21T06:00:00Z');
  const world = openFleet('simulated', {
    nodes: nodeSpecs(1, modelId),
    seed: 1,
    startAt: now,
    rates: null,
    clock: () => now,
  });
  const seconds = new Seconds();
  const passTo = (to: Instant): void => {
    now = to;
    world.runTo(now);
  };
  const tools = ppuTools({
    openDriver: () => world.driver(NODE),
    now: () => now,
    wait: (_, signal) => seconds.next(signal),
  });
  const traffic = new Traffic();
  const command = (name: string): ToolCommand =>
    traffic.counted(corrupt(programCommand(present(tools.get(name), name))));
  const server = new PpuSmiServer({
    ppuSmi: command('ppu-smi'),
    lspci: command('lspci'),
    now: () => now,
    pause: (signal) => seconds.next(signal),
    ...connection,
  });
  /** A few seconds go by, so that what was caused is heard and a heartbeat has followed it. */
  const settle = async (): Promise<void> => {
    for (let second = 0; second < 4; second += 1) {
      await traffic.quiet();
      passTo(plusSeconds(now, 1));
      seconds.pass();
    }
    await traffic.quiet();
  };
  return {
    world,
    server,
    tools,
    traffic,
    connect: (): DeviceDriver => new PpuSmiDriver(server),
    simulated: async (): Promise<DeviceDriver> => {
      const driver = world.driver(NODE);
      await driver.init();
      return driver;
    },
    host: world.host(NODE),
    inject: async (
      uuid: string,
      kind: 'app_xid' | 'lost' | 'icn_down' | 'hbm_uecc' | 'kill_overtime',
    ): Promise<void> => {
      await world.injector.inject({ target: { uuid }, kind });
    },
    injectServer: async (kind: 'driver_unloaded' | 'lib_mismatch'): Promise<void> => {
      await world.injector.inject({ target: { nodeId: NODE }, kind });
    },
    now: () => now,
    passTo,
    passSecond: () => seconds.pass(),
    settle,
  };
}

export type Rig = ReturnType<typeof openRig>;

/** The rig as the conformance suite wants it. */
export function conformanceSubject(rig: Rig): ConformanceSubject {
  return {
    connect: rig.connect,
    plugin: new CardDevicePlugin(rig.connect(), PPU_CONTAINER, async () => rig.settle()),
    rig: {
      disturb: (uuid) => rig.inject(uuid, 'app_xid'),
      lose: (uuid) => rig.inject(uuid, 'lost'),
      mend: async () => {
        rig.passTo(plusSeconds(rig.host.perform('cold_reboot'), 1));
        await rig.settle();
      },
      settle: rig.settle,
      hold: async (uuid) => {
        const pid = rig.host.spawn({ uuids: [uuid], name: 'holder', runSeconds: null, exitCode: 0, load: 'idle' });
        return () => void rig.host.kill(pid, 'SIGKILL');
      },
    },
  };
}

/** Time that passes when the test says so. */
class Seconds {
  #waiting: (() => void)[] = [];

  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  pass(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Counts runs of the tools, and knows when nothing is on its way between them and the driver. */
export class Traffic {
  runs: string[] = [];
  #underway = 0;
  #steps = 0;

  counted(tool: ToolCommand): ToolCommand {
    return {
      run: async (args, options) => {
        this.runs.push(args.join(' '));
        this.#underway += 1;
        try {
          return await tool.run(args, options);
        } finally {
          this.#underway -= 1;
        }
      },
      follow: (args, signal) => this.#followed(tool.follow(args, signal)),
    };
  }

  async *#followed(lines: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const line of lines) {
      this.#steps += 1;
      yield line;
      this.#steps += 1;
    }
  }

  /** Resolves when no run is underway and no line has moved for several turns of the event loop. */
  async quiet(): Promise<void> {
    let calm = 0;
    for (let turns = 0; calm < TURNS_QUIET; turns += 1) {
      invariant(turns < TURNS_MAX, 'the tools never come to rest');
      const steps = this.#steps + this.runs.length;
      await turn();
      calm = this.#underway === 0 && steps === this.#steps + this.runs.length ? calm + 1 : 0;
    }
  }
}
