import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ChannelKind, ChannelRequest } from '../../alertmanager/bridge/channels/channel.ts';
import { channelKinds } from '../../alertmanager/bridge/channels/index.ts';
import { readBridgeFile, robotNamed } from '../../alertmanager/bridge/config/bridge-file.ts';
import type { RobotConfig } from '../../alertmanager/bridge/config/robot-config.ts';
import type { Language } from '../../alertmanager/bridge/message.ts';
import { robotMessage } from '../../alertmanager/bridge/robot-message.ts';
import type { Told } from '../../alertmanager/bridge/sending/robot.ts';
import { type OpenedChannel, tellChannel } from '../../alertmanager/bridge/sending/tell.ts';
import { postRequest } from '../../alertmanager/bridge/sources/post.ts';
import { ConfigError } from '../../kit/errors.ts';
import { readSecret } from '../../kit/server-fields.ts';
import { wrap } from '../../kit/wrap.ts';
import { runCommand } from '../run-command.ts';
import { maskedBody, maskedHeader, maskedUrl, withoutSecrets } from './mask-secrets.ts';
import { sendTestOptions } from './options.ts';
import { sampleNotification } from './sample-notification.ts';

/** Runs `fleetlens bridge send-test`. */
export function sendTest(
  argv: readonly string[],
  kinds: Readonly<Record<string, ChannelKind<unknown>>> = channelKinds,
): Promise<number> {
  return runCommand(sendTestOptions, argv, async (options) => {
    const readFile = (path: string): string => readFileSync(path, 'utf8');
    const config = readBridgeFile(options['bridge.file'], { readFile, channelKinds: kinds });
    const names = [...config.robots.keys()];
    const name = options.robot ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined) throw new ConfigError(`--robot is missing; there are ${names.join(', ')}`);
    const robot = inLanguage(robotNamed(config, name), options.language as Language | 'robot');
    const nowMs = Date.now();
    const message = robotMessage([sampleNotification(options.severity, nowMs)], robot, {
      teams: config.teams,
      acknowledgeUrl: () => undefined,
      nowMs,
    });
    const secrets = new Set<string>();
    const secret = (path: string): string => {
      const value = readSecret(path, readFile);
      secrets.add(value);
      return value;
    };
    const nonce = (): string => randomBytes(16).toString('hex');
    if (options['dry-run']) {
      for (const request of robot.channel.render(message, { secret, nonce: nonce(), nowMs })) show(request, secrets);
      print(`Nothing was sent to ${name}: this was a dry run.\n`);
      return 0;
    }
    let skewMs = 0;
    const told = await tellChannel(shown(robot.channel, secrets), message, {
      turn: async () => undefined,
      deps: {
        secret,
        nonce,
        nowMs: Date.now,
        post: (request) => postRequest(request, robot.timeoutSeconds),
        onRequest: () => undefined,
        clockSkewMs: {
          get: () => skewMs,
          set: (ms) => {
            skewMs = ms;
            print(`Its clock is ${Math.round(ms / 1000)} s ahead of ours: signed again by its clock.\n`);
          },
        },
      },
    });
    print(`${wrap(withoutSecrets(verdictText(name, told), secrets), { indent: '', width: 80 }).join('\n')}\n`);
    return told.outcome === 'delivered' ? 0 : 1;
  });
}

/** The same channel; what it is about to send is shown. */
function shown(channel: OpenedChannel, secrets: ReadonlySet<string>): OpenedChannel {
  let isShown = false;
  return {
    ...channel,
    render: (message, context) => {
      const requests = channel.render(message, context);
      if (!isShown) for (const request of requests) show(request, secrets);
      isShown = true;
      return requests;
    },
  };
}

function show({ method, url, headers, body = '' }: ChannelRequest, secrets: ReadonlySet<string>): void {
  const lines = [
    `${method} ${maskedUrl(url)}`,
    ...Object.entries(headers).map(([name, value]) => maskedHeader(name, value)),
    '',
    indentedJson(maskedBody(body)),
    '',
  ];
  print(`${withoutSecrets(lines.join('\n'), secrets)}\n`);
}

/** JSON as a person reads it; anything else as it is. */
function indentedJson(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function inLanguage(robot: RobotConfig, language: Language | 'robot'): RobotConfig {
  return language === 'robot' ? robot : { ...robot, language };
}

function verdictText(name: string, told: Told): string {
  switch (told.outcome) {
    case 'delivered':
      return `${name} took the message.`;
    case 'limited':
      return `${name} has had too many messages: ${told.reason}. Try again in ${Math.ceil(told.retryAfterSeconds)} s; if it goes on, somebody else uses this robot too.`;
    case 'refused':
      return `${name} refuses it for good: ${told.reason}. Check address, key and settings of the robot; the bridge would write such a message to the dead-letter file.`;
    case 'failed':
      return `${name} did not take it: ${told.reason}. Check the address and that this machine may reach it; the bridge would have Alertmanager send it again.`;
  }
}

function print(text: string): void {
  process.stdout.write(text);
}
