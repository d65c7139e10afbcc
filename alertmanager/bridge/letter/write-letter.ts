import type { AlertCount, AlertView, Message } from '../message.ts';
import { textsOf, wordFor } from '../texts/index.ts';
import { placeWords } from '../texts/place.ts';
import type { Texts } from '../texts/texts.ts';
import { durationWords, timeWords } from '../texts/time.ts';
import { subjectOf, tagOf } from '../texts/title.ts';
import { shortened } from './clean-text.ts';
import type { Detail, Letter, Line, Link, Span } from './letter.ts';
import { webLink } from './web-link.ts';

const subjectBytes = 160;
const nameBytes = 80;
const wordBytes = 40;
const placeBytes = 160;

interface Writing {
  readonly message: Message;
  readonly texts: Texts;
  readonly detail: Detail;
  readonly timeZone: string | undefined;
  /** Said once at the head, because all alerts share it. */
  readonly shared: Shared;
}

interface Shared {
  readonly name: string | undefined;
  readonly summary: string | undefined;
  readonly action: string | undefined;
  readonly runbookUrl: string | undefined;
  readonly dashboardUrl: string | undefined;
}

export function writeLetter(message: Message, detail: Detail, timeZone?: string): Letter {
  const writing: Writing = { message, texts: textsOf(message.language), detail, timeZone, shared: sharedBy(message) };
  const sections = [head(writing), table(writing), ...alerts(writing), rest(writing)];
  return {
    tag: tagOf(message),
    subject: shortened(subjectOf(message), subjectBytes),
    sections: sections.filter((lines) => lines.length > 0),
    links: linksOf(writing),
  };
}

function sharedBy({ kind, alerts, common, counts }: Message): Shared {
  const same = (read: (alert: AlertView) => string | undefined): string | undefined => {
    const [first, ...others] = alerts.map(read);
    return kind === 'group' && others.every((value) => value === first) ? first : undefined;
  };
  return {
    name: counts.length === 1 ? counts[0]?.name : common['alertname'],
    summary: same(({ summary }) => summary),
    action: common['action'],
    runbookUrl: same(({ runbookUrl }) => runbookUrl),
    dashboardUrl: same(({ dashboardUrl }) => dashboardUrl),
  };
}

function head({ message, texts, detail, shared }: Writing): readonly Line[] {
  const { severity, common, status } = message;
  const facts = [
    wordFor(texts.severities, severity),
    ...worded(common['domain'], texts.domains),
    ...worded(common['cluster']).map((cluster) => `${texts.places.cluster} ${cluster}`),
    ...worded(common['team'], texts.teams).map(texts.forTeam),
  ];
  return [
    ...said(shared.summary, detail.summaryBytes),
    [plain(facts.map((fact) => shortened(fact, wordBytes)).join(' · '))],
    ...(status === 'firing' ? toDo(shared.action, texts) : []),
    ...noLink(texts.links.runbook, shared.runbookUrl),
    ...noLink(texts.links.dashboard, shared.dashboardUrl),
  ];
}

/** What all share and what cannot be a link of the message stands in its head. */
function noLink(label: string, candidate: string | undefined): readonly Line[] {
  return webLink(candidate) === undefined ? linkSpans(label, candidate).map((span) => [span]) : [];
}

function worded(value: string | undefined, words: Readonly<Record<string, string>> = {}): readonly string[] {
  return value === undefined || value === '' ? [] : [wordFor(words, value)];
}

function toDo(action: string | undefined, texts: Texts): readonly Line[] {
  if (action === undefined || action === '' || action === 'none') return [];
  const [label, rest] = texts.toDo(shortened(wordFor(texts.actions, action), nameBytes));
  return [[strong(label), plain(rest)]];
}

/** How many of each name, where there is more than one name. */
function table({ message: { counts }, texts, detail }: Writing): readonly Line[] {
  if (counts.length < 2) return [];
  const shown = counts.slice(0, detail.names);
  const left = counts.slice(detail.names);
  return [...shown.map((count) => tableLine(count, texts)), ...(left.length === 0 ? [] : [leftNames(left, texts)])];
}

function tableLine({ name, severity, firing, resolved }: AlertCount, texts: Texts): Line {
  const word = shortened(wordFor(texts.severities, severity), wordBytes);
  return [
    plain('• '),
    strong(shortened(name, nameBytes)),
    plain(` · ${[word, texts.counts(firing, resolved)].filter((part) => part !== '').join(' · ')}`),
  ];
}

function leftNames(left: readonly AlertCount[], texts: Texts): Line {
  const firing = left.reduce((sum, count) => sum + count.firing, 0);
  const resolved = left.reduce((sum, count) => sum + count.resolved, 0);
  return [plain(`• ${texts.moreNames(left.length, texts.counts(firing, resolved))}`)];
}

function alerts(writing: Writing): readonly (readonly Line[])[] {
  const { message, detail } = writing;
  const described = message.alerts.slice(0, Math.min(detail.described, detail.named));
  const named = message.alerts.slice(described.length, detail.named);
  return [
    ...described.map((alert, index) => [nameLine(alert, index, writing), ...descriptionOf(alert, writing)]),
    named.map((alert, index) => nameLine(alert, described.length + index, writing)),
  ];
}

function nameLine(alert: AlertView, index: number, { texts, shared, timeZone }: Writing): Line {
  const place = shortened(placeWords(alert.labels, texts), placeBytes);
  const title = shared.name === undefined ? `${shortened(alert.name, nameBytes)} · ${place}` : place;
  return [plain(`${index + 1}. `), strong(title), plain(` · ${whenWords(alert, texts, timeZone)}`)];
}

function whenWords(alert: AlertView, texts: Texts, timeZone: string | undefined): string {
  if (alert.status === 'firing') return texts.since(timeWords(alert.startsAtMs, timeZone));
  const end = alert.endsAtMs ?? alert.startsAtMs;
  return texts.over(timeWords(end, timeZone), durationWords(end - alert.startsAtMs, texts));
}

function descriptionOf(alert: AlertView, { texts, shared, detail }: Writing): readonly Line[] {
  const links = [
    ...(shared.runbookUrl === undefined ? linkSpans(texts.links.runbook, alert.runbookUrl) : []),
    ...(shared.dashboardUrl === undefined ? linkSpans(texts.links.dashboard, alert.dashboardUrl) : []),
    ...linkSpans(texts.links.chart, alert.chartUrl),
  ];
  return [
    ...(shared.summary === undefined ? said(alert.summary, detail.summaryBytes) : []),
    ...said(alert.description, detail.descriptionBytes),
    ...said(alert.context, detail.descriptionBytes),
    ...(shared.action === undefined && alert.status === 'firing' ? toDo(alert.labels['action'], texts) : []),
    ...(links.length === 0 ? [] : [separated(links)]),
  ];
}

/** Counted from the totals of the message, because `alerts` may already be only a part of it. */
function rest({ message, texts, detail }: Writing): readonly Line[] {
  const shown = message.alerts.slice(0, detail.named);
  const firing = message.firing - shown.filter(({ status }) => status === 'firing').length;
  const resolved = message.resolved - shown.filter(({ status }) => status === 'resolved').length;
  const count = firing + resolved;
  return count <= 0 ? [] : [[plain(`… ${texts.moreAlerts(count, texts.counts(firing, resolved))}`)]];
}

function linksOf({ message, texts, detail, shared }: Writing): readonly Link[] {
  const candidates: readonly (readonly [string, string | undefined])[] = [
    [texts.links.acknowledge, message.status === 'firing' ? message.acknowledgeUrl : undefined],
    [texts.links.runbook, shared.runbookUrl],
    [texts.links.dashboard, shared.dashboardUrl],
    [texts.links.alertmanager, message.alertmanagerUrl],
  ];
  const links = candidates.flatMap(([label, candidate]) => {
    const url = webLink(candidate);
    return url === undefined ? [] : [{ label, url }];
  });
  return links.slice(0, detail.links);
}

/** A link, or, for what is no http(s) URL, its text. */
function linkSpans(label: string, candidate: string | undefined): readonly Span[] {
  if (candidate === undefined || candidate === '') return [];
  const url = webLink(candidate);
  return [url === undefined ? plain(`${label}: ${shortened(candidate, placeBytes)}`) : { text: label, url }];
}

function separated(spans: readonly Span[]): Line {
  return spans.flatMap((span, index) => (index === 0 ? [span] : [plain(' · '), span]));
}

function said(text: string | undefined, bytes: number): readonly Line[] {
  const words = text === undefined ? '' : shortened(text, bytes);
  return words === '' ? [] : [[plain(words)]];
}

function plain(text: string): Span {
  return { text };
}

function strong(text: string): Span {
  return { text, strong: true };
}
