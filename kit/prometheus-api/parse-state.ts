import {
  asArray,
  asLabels,
  asNumber,
  asObject,
  asString,
  isAbsent,
  type JsonObject,
  optionalLabels,
  optionalText,
  parseTime,
  parseValue,
  ShapeError,
} from './json.ts';
import type { Alert, AlertingRule, AlertState, RecordingRule, RuleGroup, Target } from './types.ts';

export function parseTargets(answer: JsonObject): readonly Target[] {
  return listAt(answer, 'activeTargets').map(({ item, where }) => ({
    labels: asLabels(item['labels'], `${where}.labels`),
    discoveredLabels: optionalLabels(item['discoveredLabels'], `${where}.discoveredLabels`),
    scrapePool: optionalText(item['scrapePool'], `${where}.scrapePool`),
    scrapeUrl: asString(item['scrapeUrl'], `${where}.scrapeUrl`),
    health: oneOf(item['health'], ['up', 'down', 'unknown'], `${where}.health`),
    lastError: optionalText(item['lastError'], `${where}.lastError`),
    lastScrapeSeconds: parseTime(item['lastScrape'], `${where}.lastScrape`),
    lastScrapeDurationSeconds: optionalNumber(item['lastScrapeDuration'], `${where}.lastScrapeDuration`),
  }));
}

export function parseAlerts(answer: JsonObject): readonly Alert[] {
  return listAt(answer, 'alerts').map(({ item, where }) => parseAlert(item, where));
}

export function parseRules(answer: JsonObject): readonly RuleGroup[] {
  return listAt(answer, 'groups').map(({ item, where }) => ({
    name: asString(item['name'], `${where}.name`),
    file: asString(item['file'], `${where}.file`),
    intervalSeconds: asNumber(item['interval'], `${where}.interval`),
    rules: asArray(item['rules'], `${where}.rules`).map((rule, index) => parseRule(rule, `${where}.rules[${index}]`)),
  }));
}

function parseRule(value: unknown, where: string): RecordingRule | AlertingRule {
  const rule = asObject(value, where);
  const base = {
    name: asString(rule['name'], `${where}.name`),
    query: asString(rule['query'], `${where}.query`),
    labels: optionalLabels(rule['labels'], `${where}.labels`),
    health: optionalText(rule['health'], `${where}.health`) ?? 'unknown',
    lastError: optionalText(rule['lastError'], `${where}.lastError`),
  };
  const type = oneOf(rule['type'], ['recording', 'alerting'], `${where}.type`);
  if (type === 'recording') return { ...base, type };
  const alerts = isAbsent(rule['alerts']) ? [] : asArray(rule['alerts'], `${where}.alerts`);
  return {
    ...base,
    type,
    state: parseAlertState(rule['state'], `${where}.state`),
    forSeconds: optionalNumber(rule['duration'], `${where}.duration`) ?? 0,
    annotations: optionalLabels(rule['annotations'], `${where}.annotations`),
    alerts: alerts.map((alert, index) => parseAlert(asObject(alert, where), `${where}.alerts[${index}]`)),
  };
}

function parseAlert(item: JsonObject, where: string): Alert {
  return {
    labels: asLabels(item['labels'], `${where}.labels`),
    annotations: optionalLabels(item['annotations'], `${where}.annotations`),
    state: parseAlertState(item['state'], `${where}.state`),
    activeAtSeconds: parseTime(item['activeAt'], `${where}.activeAt`),
    value: isAbsent(item['value']) ? undefined : parseValue(item['value'], `${where}.value`),
  };
}

function parseAlertState(value: unknown, where: string): AlertState {
  return oneOf(value, ['inactive', 'pending', 'firing'], where);
}

/** The objects of `data.<key>`; an empty list may come as null. */
function listAt(answer: JsonObject, key: string): readonly { item: JsonObject; where: string }[] {
  const list = asObject(answer['data'], 'data')[key];
  if (isAbsent(list)) return [];
  return asArray(list, `data.${key}`).map((value, index) => {
    const where = `data.${key}[${index}]`;
    return { item: asObject(value, where), where };
  });
}

function optionalNumber(value: unknown, where: string): number | undefined {
  return isAbsent(value) ? undefined : asNumber(value, where);
}

function oneOf<const T extends string>(value: unknown, allowed: readonly T[], where: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new ShapeError(`${where} must be one of ${allowed.join(', ')}, got ${JSON.stringify(value)}`);
}
