import {
  booleanOf,
  didYouMean,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../kit/config-values.ts';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import { durationOf, readSecret } from '../../../kit/server-fields.ts';
import type { ChannelKind } from '../channels/channel.ts';
import { chartTemplateFault } from '../chart-url.ts';
import type { Language, Mention } from '../message.ts';
import type { MessageLimit } from '../sending/message-budget.ts';
import type { OpenedChannel } from '../sending/tell.ts';
import { mentionsOf } from './mentions.ts';

export interface RobotConfig {
  readonly channel: OpenedChannel;
  readonly language: Language;
  readonly sendResolved: boolean;
  /** Undefined for all. */
  readonly severities: readonly string[] | undefined;
  readonly mentions: readonly Mention[];
  readonly mentionSeverities: readonly string[];
  readonly limit: MessageLimit;
  readonly deliverWithinSeconds: number;
  readonly timeoutSeconds: number;
  /** Alerts that a message tells in full at most; the others are counted. Undefined for as many as fit. */
  readonly maxAlerts: number | undefined;
  readonly chartTemplate: string | undefined;
}

interface RobotDeps {
  readonly readFile: (path: string) => string;
  readonly channelKinds: Readonly<Record<string, ChannelKind<unknown>>>;
}

const ownKeys = [
  'language',
  'send_resolved',
  'severities',
  'mentions',
  'mention_severities',
  'limit',
  'deliver_within',
  'timeout',
  'max_alerts',
  'chart_url',
];
const severities = ['critical', 'warning', 'info'] as const;
const defaultDeliverWithin = 30;
const defaultTimeout = 10;

/** Throws ConfigError. */
export function robotAt(place: Place, deps: RobotDeps): RobotConfig {
  const kinds = Object.keys(deps.channelKinds);
  const field = fieldsOf(place, [...kinds, ...ownKeys]);
  const channel = channelAt(place, deps);
  return {
    channel,
    language: optional(field('language'), (given) => oneOf(given, ['en', 'zh'])) ?? 'en',
    sendResolved: optional(field('send_resolved'), booleanOf) ?? true,
    severities: severitiesAt(field('severities')),
    mentions: mentionsOf(field('mentions')),
    mentionSeverities: severitiesAt(field('mention_severities')) ?? ['critical'],
    limit: optional(field('limit'), limitAt) ?? channel.limits,
    deliverWithinSeconds: secondsOr(field('deliver_within'), { min: 1, max: 300 }, defaultDeliverWithin),
    timeoutSeconds: secondsOr(field('timeout'), { min: 1, max: 60 }, defaultTimeout),
    maxAlerts: optional(field('max_alerts'), (given) => wholeOf(given, { min: 1, max: 1_000 })),
    chartTemplate: optional(field('chart_url'), chartAt),
  };
}

/** Seconds. */
export function timeOf(place: Place, { min, max }: { readonly min: number; readonly max: number }): number {
  const seconds = place.value === 0 || place.value === '0s' ? 0 : durationOf(place);
  if (seconds >= min && seconds <= max) return seconds;
  throw invalid(place, `a time from ${min}s to ${max}s, such as 30s or 4h`);
}

function channelAt(place: Place, { readFile, channelKinds }: RobotDeps): OpenedChannel {
  const kinds = Object.keys(channelKinds);
  const given = entriesOf(place, 50).filter(([key]) => Object.hasOwn(channelKinds, key));
  const [entry, ...more] = given;
  const kind = entry === undefined ? undefined : channelKinds[entry[0]];
  if (entry === undefined || kind === undefined || more.length > 0)
    throw new ConfigError(`${place.where} must have exactly one of ${kinds.join(', ')}${hintOf(place, kinds)}`);
  const [name, value] = entry;
  const settings = kind.parse(value ?? {}, `${place.where}.${name}`);
  const secretFiles = kind.secretFiles(settings);
  for (const file of secretFiles) {
    try {
      readSecret(file, readFile);
    } catch (error) {
      throw new ConfigError(`${place.where}.${name}: ${reasonOf(error)}`);
    }
  }
  return {
    name,
    limits: kind.limitsOf?.(settings) ?? kind.limits,
    secretFiles,
    ...(kind.recipients === undefined ? {} : { recipients: kind.recipients(settings) }),
    render: (message, context) => kind.render(message, settings, context),
    judge: (answer) => kind.judge(answer, settings),
  };
}

function hintOf(place: Place, kinds: readonly string[]): string {
  return entriesOf(place, 50)
    .map(([key]) => (ownKeys.includes(key) ? '' : didYouMean(key, kinds)))
    .join('');
}

function severitiesAt(place: Place): readonly string[] | undefined {
  return optional(place, (given) => {
    const list = listOf(given, severities.length).map((each) => oneOf(each, severities));
    if (list.length === 0) throw invalid(given, `a list of ${severities.join(', ')}`);
    return list;
  });
}

function limitAt(place: Place): MessageLimit {
  const field = fieldsOf(place, ['messages', 'per']);
  return {
    messages: wholeOf(field('messages'), { min: 1, max: 100_000 }),
    seconds: timeOf(field('per'), { min: 1, max: 3600 }),
  };
}

function secondsOr(place: Place, bounds: { readonly min: number; readonly max: number }, fallback: number): number {
  return optional(place, (given) => timeOf(given, bounds)) ?? fallback;
}

function chartAt(place: Place): string {
  const template = textOf(place);
  const fault = chartTemplateFault(template);
  if (fault !== undefined) throw new ConfigError(`${place.where} ${fault}`);
  return template;
}
