import { notify, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { scrape } from '../../support/cli.ts';
import { startFakeRobot } from '../../support/fake-robot.ts';
import { expectGolden } from '../../support/golden.ts';

test('what a scrape shows of a robot', async () => {
  const robot = await startFakeRobot();
  const now = { now: () => 1_767_225_600, monotonic: () => 100 };
  const bridge = await startBridgeDaemon({ robots: { sre: { fake: { url: robot.url } } } }, now);
  await notify(bridge.url, 'sre', webhookMessage('g1', [{ severity: 'critical' }, { name: 'GpuEccUncorrectable' }]));
  const text = await scrape(bridge.url);
  await bridge.stop();
  await robot.stop();
  const own = text.split('\n').filter((line) => /^(# (HELP|TYPE) )?fleetlens_bridge_/.test(line));
  expectGolden('bridge/bridge.prom', `${own.join('\n')}\n`);
});
