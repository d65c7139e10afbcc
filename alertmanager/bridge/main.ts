import type { DaemonDefinition } from '../../kit/daemon.ts';
import { checkTokenFile } from '../../kit/http/admin-guard.ts';
import { bridge } from '../../metrics/bridge.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import type { ChannelKind } from './channels/channel.ts';
import { channelKinds as everyKind } from './channels/index.ts';
import { readBridgeFile } from './config/bridge-file.ts';
import { type BridgeOptions, bridgeOptions } from './options.ts';
import { startBridge } from './start-bridge.ts';

/** The daemon with these kinds of robots. */
export function bridgeDaemonWith(
  channelKinds: Readonly<Record<string, ChannelKind<unknown>>>,
): DaemonDefinition<BridgeOptions> {
  return {
    name: 'bridge',
    table: bridgeOptions,
    metrics: [bridge, fleetlens],
    check: (options, readFile) => {
      readBridgeFile(options['bridge.file'], { readFile, channelKinds });
      checkTokenFile({ option: '--notify.token-file', tokenFile: options['notify.token-file'], readFile });
    },
    start: (context) => startBridge(context, channelKinds),
  };
}

export const bridgeDaemon = bridgeDaemonWith(everyKind);
