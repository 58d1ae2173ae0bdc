// Serves this host's cards to its kubelet, until SIGTERM or Ctrl-C: npm run device-plugin -- --simulated zw810e
import { openCardSource } from '#lib/devices/kubelet/card-source.ts';
import type { LinkNews } from '#lib/devices/kubelet/kubelet-link.ts';
import { CommandError, PLUGIN_USAGE, parsePluginCommand } from '#lib/devices/kubelet/plugin-command.ts';
import { serveCards } from '#lib/devices/kubelet/serve.ts';
import { hostNow } from '#lib/platform/clock.ts';
import { errorText } from '#lib/platform/log.ts';
import { stopSignal } from '#lib/platform/process.ts';

/** How long something that is due may wait until it happens. */
const TICK_MS = 1_000;

function sentenceOf(news: LinkNews): string {
  if (news.kind === 'serving') return `Serving on ${news.socketPath}.`;
  if (news.kind === 'registered') return `Registered as ${news.resourceName}.`;
  return news.why === 'no_kubelet' ? 'There is no kubelet yet; waiting for it.' : 'The kubelet does not answer yet.';
}

try {
  const { source, ...command } = parsePluginCommand(process.argv.slice(2));
  const signal = stopSignal();
  const server = openCardSource(source, hostNow);
  const ticking = setInterval(server.catchUp, TICK_MS);
  await serveCards(command, server, (news) => console.error(sentenceOf(news)), signal).finally(() => {
    clearInterval(ticking);
    return server.close();
  });
  console.error('Stopped.');
} catch (error) {
  const isMisuse = error instanceof CommandError;
  console.error(isMisuse ? `${error.message}\n${PLUGIN_USAGE}` : errorText(error));
  process.exitCode = isMisuse ? 2 : 1;
}
