import type { Message } from '../message.ts';
import { textsOf, wordFor } from './index.ts';
import { placeWords } from './place.ts';
import { timeWords } from './time.ts';
import { subjectOf, tagOf, titleOf } from './title.ts';

/** What templates of gateways may ask for. */
export const messageFields = [
  'title',
  'tag',
  'subject',
  'status',
  'severity',
  'name',
  'where',
  'summary',
  'description',
  'action',
  'team',
  'cluster',
  'firing',
  'resolved',
  'time',
] as const;

export type MessageField = (typeof messageFields)[number];

/** The fields in words; neither cut nor cleaned. */
export function fieldsOfMessage(message: Message, timeZone?: string): Readonly<Record<MessageField, string>> {
  const texts = textsOf(message.language);
  const { common } = message;
  const [first] = message.alerts;
  const time = first?.endsAtMs ?? first?.startsAtMs;
  return {
    title: titleOf(message),
    tag: tagOf(message),
    subject: subjectOf(message),
    status: texts[message.status],
    severity: wordFor(texts.severities, message.severity),
    name: common['alertname'] ?? first?.name ?? '',
    where: placeWords(first === undefined || message.firing + message.resolved > 1 ? common : first.labels, texts),
    summary: first?.summary ?? '',
    description: first?.description ?? '',
    action: wordFor(texts.actions, common['action'] ?? first?.labels['action'] ?? ''),
    team: wordFor(texts.teams, common['team'] ?? ''),
    cluster: common['cluster'] ?? '',
    firing: String(message.firing),
    resolved: String(message.resolved),
    time: time === undefined ? '' : timeWords(time, timeZone),
  };
}
