import { daemonOptions } from '../../kit/daemon-options.ts';
import { defineOptions } from '../../kit/options/define.ts';

export const bridgeOptions = defineOptions({
  command: 'fleetlens bridge',
  about:
    'Takes the webhooks of Alertmanager and tells robots of DingTalk, Feishu, WeCom, Teams and others, within their limits. It answers Alertmanager only when a robot has the message, so nothing is lost while it is down. fleetlens bridge send-test tries a robot.',
  examples: ['fleetlens bridge --bridge.file=bridge.yaml --web.listen-address=127.0.0.1:9416'],
  options: {
    // A notification that waits for its robot is a request under way.
    ...daemonOptions(9416, { maxRequests: 6_000 }),
    'bridge.file': {
      type: 'path',
      help: 'YAML file with robots, teams, alertmanager, acknowledge, cmdb and dead_letter; see the guide. Read again on SIGHUP.',
      reloadable: true,
    },
    'notify.token-file': {
      type: 'path',
      help: 'File with the bearer token that Alertmanager sends; read anew for each notification. Without it notifications are taken on a loopback address alone.',
    },
  },
});

export type BridgeOptions = typeof bridgeOptions.options;
