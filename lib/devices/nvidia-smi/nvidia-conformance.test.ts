import { describe, expect, test } from 'vitest';
import { CONFORMANCE_RULES } from '../conformance.ts';
import type { ConformanceSubject } from '../conformance-rule.ts';
import type { ToolAge } from './testing-recording/composed-query.ts';
import { NODE, openComposedServer } from './testing-recording/rig.ts';
import type { NvidiaTools } from './tools.ts';

async function composed(age: ToolAge, change?: (tools: NvidiaTools) => NvidiaTools): Promise<ConformanceSubject> {
  const { fleet, rig } = await openComposedServer(change ? { age, change } : { age });
  return { connect: () => fleet.driver(NODE), plugin: fleet.plugin(NODE), rig };
}

describe.each(['r570', 'r535'] as const)('the adapter over nvidia-smi of %s conforms', (age) => {
  test.each(CONFORMANCE_RULES)('$name', async ({ check }) => check(await composed(age)));
});

/** A tool some of whose answers are changed on their way. */
function rewriting(change: (args: string, stdout: string) => string): (tools: NvidiaTools) => NvidiaTools {
  return (tools) => ({
    ...tools,
    nvidiaSmi: {
      ...tools.nvidiaSmi,
      run: async (args, options) => {
        const result = await tools.nvidiaSmi.run(args, options);
        return { ...result, stdout: change(args.join(' '), result.stdout) };
      },
    },
  });
}

const LIES: readonly { lie: string; caughtBy: string; change: (tools: NvidiaTools) => NvidiaTools }[] = [
  {
    lie: 'says that a drained card is not',
    caughtBy: 'a drained card leaves the list but not the bus, and comes back',
    change: rewriting((args, text) => (args.includes('-q') ? text.replace(': draining', ': not draining') : text)),
  },
  {
    lie: 'takes every power limit',
    caughtBy: 'a power limit out of range is refused and changes nothing',
    change: (tools) => ({
      ...tools,
      nvidiaSmi: {
        ...tools.nvidiaSmi,
        run: async (args, options) => {
          const result = await tools.nvidiaSmi.run(args, options);
          return args.includes('-pl') ? { exitCode: 0, stdout: 'All done.\n', stderr: '' } : result;
        },
      },
    }),
  },
  {
    lie: 'shows no process',
    caughtBy: 'a card that a process holds is neither reset nor partitioned',
    change: rewriting((args, text) => (args.includes('compute-apps') ? `${text.split('\n')[0]}\n` : text)),
  },
  {
    lie: 'writes no XID',
    caughtBy: 'a subscription is live from the call that made it',
    change: (tools) => ({
      ...tools,
      journalctl: {
        run: tools.journalctl.run.bind(tools.journalctl),
        async *follow(args, signal) {
          for await (const line of tools.journalctl.follow(args, signal)) yield line.replace('NVRM: Xid', 'NVRM:');
        },
      },
    }),
  },
  {
    lie: 'shows a lost card as answering on the bus',
    caughtBy: 'a lost card leaves the list, stays on the bus as lost, asks for a cold reboot and reads as a code',
    change: (tools) => ({
      ...tools,
      nvidiaSmi: {
        ...tools.nvidiaSmi,
        run: async (args, options) => {
          const isQuery = args[0]?.startsWith('--query-gpu=');
          return isQuery ? { exitCode: 0, stdout: '', stderr: '' } : tools.nvidiaSmi.run(args, options);
        },
      },
    }),
  },
];

describe('the suite catches a server whose tool', () => {
  test.each(LIES)('$lie', async ({ caughtBy, change }) => {
    const rule = CONFORMANCE_RULES.find(({ name }) => name === caughtBy);
    const subject = await composed('r570', change);
    const outcome = rule?.check(subject);
    await expect(outcome).rejects.toThrow();
  });
});
