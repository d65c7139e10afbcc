import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ChannelKind } from '../../alertmanager/bridge/channels/channel.ts';
import { channelKinds } from '../../alertmanager/bridge/channels/index.ts';
import { readBridgeFile, robotNamed } from '../../alertmanager/bridge/config/bridge-file.ts';
import type { RobotConfig } from '../../alertmanager/bridge/config/robot-config.ts';
import type { Language, Message } from '../../alertmanager/bridge/message.ts';
import { robotMessage } from '../../alertmanager/bridge/robot-message.ts';
import type { Told } from '../../alertmanager/bridge/sending/robot.ts';
import { tellChannel } from '../../alertmanager/bridge/sending/tell.ts';
import { postRequest } from '../../alertmanager/bridge/sources/post.ts';
import { ConfigError, SourceError } from '../../kit/errors.ts';
import { readSecret } from '../../kit/server-fields.ts';
import { wrap } from '../../kit/wrap.ts';
import { runCommand } from '../run-command.ts';
import { maskedAnswer, maskedSecret } from './mask-secrets.ts';
import { sendTestOptions } from './options.ts';
import { requestText } from './request-text.ts';
import { sampleNotification } from './sample-notification.ts';

/** Runs `fleetlens bridge send-test`. */
export function sendTest(
  argv: readonly string[],
  kinds: Readonly<Record<string, ChannelKind<unknown>>> = channelKinds,
): Promise<number> {
  return runCommand(sendTestOptions, argv, async (options) => {
    const config = readBridgeFile(options['bridge.file'], { readFile, channelKinds: kinds });
    const names = [...config.robots.keys()];
    const name = options.robot ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined) throw new ConfigError(`--robot is missing; there are ${names.join(', ')}`);
    const robot = inLanguage(robotNamed(config, name), options.language as Language | 'robot');
    const nowMs = Date.now();
    const message = robotMessage([sampleNotification(options.severity, nowMs, robot.language)], robot, {
      teams: config.teams,
      acknowledgeUrl: () => undefined,
      nowMs,
    });
    show(robot, message, nowMs);
    if (options['dry-run']) {
      print(`Nothing was sent to ${name}: this was a dry run.\n`);
      return 0;
    }
    return send(name, robot, message);
  });
}

/** The message as it would be sent, made anew with a mask in place of each secret. Throws ConfigError. */
function show({ channel }: RobotConfig, message: Message, nowMs: number): void {
  const secret = (path: string): string => maskedSecret(readSecret(path, readFile));
  try {
    for (const request of channel.render(message, { secret, nonce: newNonce(), nowMs }))
      print(`${requestText(request)}\n`);
  } catch (error) {
    throw error instanceof SourceError ? new ConfigError(error.message) : error;
  }
}

/** Resolves with the exit status. */
async function send(name: string, { channel, timeoutSeconds }: RobotConfig, message: Message): Promise<number> {
  const secrets = new Set<string>();
  const secret = (path: string): string => {
    const value = readSecret(path, readFile);
    secrets.add(value);
    return value;
  };
  const refusals: string[] = [];
  let skewMs = 0;
  const told = await tellChannel(channel, message, {
    turn: async () => undefined,
    deps: {
      secret,
      nonce: newNonce,
      nowMs: Date.now,
      post: (request) => postRequest(request, timeoutSeconds),
      onRequest: () => undefined,
      onRecipientRefused: (recipient, reason) => refusals.push(`${recipient} never gets it: ${reason}.`),
      clockSkewMs: {
        get: () => skewMs,
        set: (ms) => {
          skewMs = ms;
          print(`Its clock is ${Math.round(ms / 1000)} s ahead of ours: signed again by its clock.\n`);
        },
      },
    },
  });
  for (const text of [verdictText(name, told), ...refusals])
    print(`${wrap(maskedAnswer(text, secrets), { indent: '', width: 80 }).join('\n')}\n`);
  return told.outcome === 'delivered' && refusals.length === 0 ? 0 : 1;
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

function newNonce(): string {
  return randomBytes(16).toString('hex');
}

function readFile(path: string): string {
  return readFileSync(path, 'utf8');
}

function print(text: string): void {
  process.stdout.write(text);
}
