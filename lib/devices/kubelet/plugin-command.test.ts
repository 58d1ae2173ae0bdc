import { describe, expect, test } from 'vitest';
import { CommandError, parsePluginCommand } from './plugin-command.ts';

describe('the command that serves a plugin', () => {
  test('needs only the cards: the rest is where a kubelet and container runtimes look', () => {
    expect(parsePluginCommand(['--simulated', 'zw810e'])).toEqual({
      source: { kind: 'simulated', modelId: 'zw810e', seed: 7 },
      folder: '/var/lib/kubelet/device-plugins',
      cdiFolder: '/var/run/cdi',
      registryFolder: null,
    });
  });

  test('takes every folder elsewhere, and none for CDI', () => {
    const folders = ['--folder', 'a', '--no-cdi', '--plugins-registry', 'b'];
    expect(parsePluginCommand(['--simulated', 'm890', '--seed', '11', ...folders])).toEqual({
      source: { kind: 'simulated', modelId: 'm890', seed: 11 },
      folder: 'a',
      cdiFolder: null,
      registryFolder: 'b',
    });
  });

  test('takes the cards that are in this host', () =>
    expect(parsePluginCommand(['--driver', 'ppu-smi']).source).toEqual({ kind: 'real', driver: 'ppu-smi' }));

  test.each([
    [[]],
    [['--driver', 'kubelet']],
    [['--driver', 'ppu-smi', '--seed', '3']],
    [['--driver', 'ppu-smi', '--simulated', 'zw810e']],
    [['--simulated', 'h9000']],
    [['--simulated', 'zw810e', '--seed', '-1']],
    [['--simulated', 'zw810e', '--no-cdi', '--cdi-folder', 'c']],
    [['--simulated', 'zw810e', '--frobnicate']],
    [['zw810e']],
    [['--simulated']],
  ])('refuses %j with a sentence', (args) => expect(() => parsePluginCommand(args)).toThrow(CommandError));
});
