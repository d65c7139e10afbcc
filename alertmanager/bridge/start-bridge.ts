import { createAlertmanagerClient } from '../../kit/alertmanager/silences-client.ts';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { adminGuard, withoutTokenRefusal } from '../../kit/http/admin-guard.ts';
import { readSecret } from '../../kit/server-fields.ts';
import { acknowledgeForm, acknowledgeRoutes } from './api/acknowledge-route.ts';
import { notifyRoute } from './api/notify-route.ts';
import type { ChannelKind } from './channels/channel.ts';
import { type BridgeConfig, readBridgeFile } from './config/bridge-file.ts';
import { createMeters } from './meters.ts';
import type { BridgeOptions } from './options.ts';
import { createRobots } from './robots.ts';
import { createDeadLetters, type DeadLetters } from './sources/dead-letters.ts';
import { enrich } from './sources/enrich.ts';
import { postRequest } from './sources/post.ts';

/** Takes notifications and tells robots. Throws ConfigError. */
export async function startBridge(
  { options, clock, log, readFile }: DaemonContext<BridgeOptions>,
  channelKinds: Readonly<Record<string, ChannelKind<unknown>>>,
): Promise<Service<BridgeOptions>> {
  const read = (path: string | undefined): BridgeConfig => readBridgeFile(path, { readFile, channelKinds });
  let config = read(options['bridge.file']);
  let deadLetters = deadLettersOf(config);
  const meters = createMeters();
  const robots = createRobots(config, {
    clock,
    log,
    meters,
    readFile,
    post: postRequest,
    writeDeadLetter: () => deadLetters?.write,
    enrich: async (notification, signal) =>
      config.cmdb === undefined
        ? notification
        : enrich(notification, config.cmdb, signal, { readFile, log, onFailure: meters.enrichmentFailure }),
  });
  const acknowledge = acknowledgeRoutes({
    settings: () => {
      const { acknowledge: own } = config;
      return own === undefined ? undefined : { key: readSecret(own.keyFile, readFile), durations: own.durations };
    },
    alertmanager: () =>
      config.alertmanager === undefined ? undefined : createAlertmanagerClient(config.alertmanager, { readFile }),
    clock,
    log,
    meters,
  });
  const { 'notify.token-file': tokenFile, 'web.listen-address': listenAddress } = options;
  const guard = adminGuard({ option: '--notify.token-file', tokenFile, listenAddress, readFile });
  const refusal = withoutTokenRefusal('--notify.token-file', listenAddress, () => undefined);
  if (tokenFile === undefined && refusal !== undefined)
    log.warn('every notification will be refused', { reason: refusal });

  return {
    families: () => meters.families(robots.loads()),
    notReady: () => undefined,
    notice: noticeOf(options),
    routes: (app) => {
      app.post('/notify/:robot', guard, notifyRoute(robots, meters));
      app.get('/ack', acknowledge.get);
      app.post('/ack', acknowledgeForm, acknowledge.post);
    },
    reload: (next) => {
      const fresh = read(next['bridge.file']);
      if (JSON.stringify(fresh.deadLetter) !== JSON.stringify(config.deadLetter)) deadLetters = deadLettersOf(fresh);
      config = fresh;
      robots.configure(fresh);
    },
    stop: robots.stop,
  };
}

function deadLettersOf({ deadLetter }: BridgeConfig): DeadLetters | undefined {
  return deadLetter === undefined ? undefined : createDeadLetters(deadLetter.file, deadLetter.maxBytes);
}

function noticeOf(options: { readonly 'notify.token-file': string | undefined }): string {
  const sent = options['notify.token-file'] === undefined ? '' : ', with the token of --notify.token-file';
  return `Alertmanager sends to /notify/NAME, where NAME is a robot of --bridge.file${sent}.`;
}
