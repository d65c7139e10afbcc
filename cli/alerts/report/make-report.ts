import { renderAlertmanager } from '../../../alertmanager/render.ts';
import type { Site } from '../../../alertmanager/site.ts';
import { SourceError } from '../../../kit/errors.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import type { PrometheusApi } from '../../../kit/prometheus-api.ts';
import type { Alert } from '../../../rules/alert.ts';
import { type AlertSeries, createAlertHistory } from './alert-history.ts';
import { secondsIn } from './gaps.ts';
import { countMessages } from './messages.ts';
import { type Reading, readGaps, readPieces } from './read-history.ts';
import { createReplay } from './replay.ts';
import { type AlertmanagerCount, type Report, totalsBy, unactedOn } from './report.ts';
import { type Limits, type RuleFigures, ruleFigures } from './rule-figures.ts';
import { singleThreshold } from './single-threshold.ts';
import { type CurrentDelays, type DelaySuggestion, suggestDelay } from './suggest-delay.ts';
import { numbersToTry, suggestThreshold, type ThresholdSuggestion } from './suggest-threshold.ts';
import type { Window } from './window.ts';

export interface ReportRequest {
  readonly window: Window;
  /** Such as `cluster="prod"`. */
  readonly matchers: readonly string[];
  readonly limits: Limits;
  readonly site: Site | undefined;
  readonly firingsPerWeek: number;
  /** For so many of the noisiest alerts. */
  readonly thresholdsFor: number;
}

export interface ReportDeps {
  readonly api: Pick<PrometheusApi, 'rangeColumns' | 'query' | 'rules'>;
  /** The alerts whose expressions are known. */
  readonly pack: readonly Alert[];
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, what: string) => void;
}

/** Counted by the routes of a site with nothing but a default. */
const plainSite: Site = { receivers: { default: [{ webhook: { url: 'http://127.0.0.1/' } }] } };
const weekMs = 7 * 86_400_000;

/** Reads the history of alerts and says what is noise in it. Throws SourceError if Prometheus does not answer. */
export async function makeReport(request: ReportRequest, deps: ReportDeps): Promise<Report> {
  const { window, matchers, limits, site } = request;
  const incomplete = new Set<string>();
  const reading = readingOf(deps, incomplete, 'steps of alerts');
  const gaps = await readGaps(window, { ...reading, onProgress: () => {} });
  const history = createAlertHistory(window, gaps ?? []);
  await readPieces(`ALERTS{${matchers.join(',')}}`, window, history.add, reading);
  const series = history.end().filter(({ labels }) => labels['alertname'] !== 'Watchdog');
  const rules = ruleFigures(series, window, limits);
  const loaded = await loadedDelays(deps);
  const tried = await triedThresholds(rules, request, { ...deps, incomplete });
  return {
    window,
    gapSeconds: gaps === undefined ? undefined : secondsIn(gaps, window.stepMs),
    rules,
    byDomain: totalsBy(rules, 'domain'),
    bySeverity: totalsBy(rules, 'severity'),
    byTeam: totalsBy(rules, 'team'),
    messages: messagesOf(series, site ?? plainSite, window),
    routes: site === undefined ? 'default' : 'site',
    alertmanager: await alertmanagerCount(window, deps),
    unactedOn: unactedOn(rules),
    delays: rules.flatMap((rule) => delayFor(rule, loaded, deps.pack)),
    thresholds: tried.suggestions,
    remarks: [
      ...tried.remarks,
      ...[...incomplete].map((said) => `The store left something out: ${said || 'it did not say what'}.`),
    ],
  };
}

function readingOf({ api, signal, onProgress }: ReportDeps, incomplete: Set<string>, what: string): Reading {
  return {
    api,
    signal,
    onProgress: (done, total) => onProgress(done, total, what),
    onIncomplete: (said) => incomplete.add(said),
  };
}

function messagesOf(series: readonly AlertSeries[], site: Site, { stepMs }: Window) {
  const target = { version: '0.99', secrets: 'selectors' } as const;
  return countMessages(series, renderAlertmanager(site, { templatesDir: '/', target }), Math.max(stepMs, 30_000));
}

/** How long rules wait, as Prometheus has loaded them; empty where the server does not tell. */
async function loadedDelays({ api, signal }: ReportDeps): Promise<ReadonlyMap<string, number>> {
  try {
    const groups = await api.rules({ signal });
    return new Map(
      groups.flatMap(({ rules }) =>
        rules.flatMap((rule) => (rule.type === 'alerting' ? [[rule.name, rule.forSeconds] as const] : [])),
      ),
    );
  } catch (error) {
    if (error instanceof SourceError) return new Map();
    throw error;
  }
}

function delayFor(
  rule: RuleFigures,
  loaded: ReadonlyMap<string, number>,
  pack: readonly Alert[],
): readonly DelaySuggestion[] {
  const own = pack.find(({ name }) => name === rule.alert);
  const current: CurrentDelays = {
    forSeconds: loaded.get(rule.alert) ?? secondsOf(own?.for),
    keepFiringForSeconds: secondsOf(own?.keepFiringFor),
  };
  const suggestion = suggestDelay(rule, current);
  return suggestion === undefined ? [] : [suggestion];
}

interface Tried {
  readonly suggestions: readonly ThresholdSuggestion[];
  readonly remarks: readonly string[];
}

/** Replays the noisiest alerts that compare with one number. One that the server does not answer for is said and left out. */
async function triedThresholds(
  rules: readonly RuleFigures[],
  request: ReportRequest,
  deps: ReportDeps & { readonly incomplete: Set<string> },
): Promise<Tried> {
  const atMost = Math.ceil((request.firingsPerWeek * (request.window.endMs - request.window.startMs)) / weekMs);
  const suggestions: ThresholdSuggestion[] = [];
  const remarks: string[] = [];
  const noisy = rules.filter(({ firings }) => firings > atMost).flatMap((rule) => replayable(rule, deps.pack));
  for (const each of noisy.slice(0, request.thresholdsFor)) {
    try {
      const suggestion = await tryThresholds(each, { window: request.window, atMost }, deps);
      if (suggestion !== undefined) suggestions.push(suggestion);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      remarks.push(`No threshold was tried for ${each.rule.alert}: ${error.message}`);
    }
  }
  return { suggestions, remarks };
}

interface Replayable {
  readonly rule: RuleFigures;
  readonly forMs: number;
  readonly threshold: NonNullable<ReturnType<typeof singleThreshold>>;
}

function replayable(rule: RuleFigures, pack: readonly Alert[]): readonly Replayable[] {
  const alert = pack.find(({ name, severity }) => name === rule.alert && severity === rule.severity);
  const threshold = alert === undefined ? undefined : singleThreshold(alert);
  return alert === undefined || threshold === undefined
    ? []
    : [{ rule, threshold, forMs: 1000 * secondsOf(alert.for) }];
}

async function tryThresholds(
  { rule, threshold, forMs }: Replayable,
  { window, atMost }: { readonly window: Window; readonly atMost: number },
  deps: ReportDeps & { readonly incomplete: Set<string> },
): Promise<ThresholdSuggestion | undefined> {
  const tried = numbersToTry(threshold);
  const replay = createReplay({ thresholds: tried, isBelow: threshold.isBelow, forMs, stepMs: window.stepMs });
  const reading = readingOf(deps, deps.incomplete, `steps of ${rule.alert}`);
  await readPieces(threshold.expr(threshold.value), window, replay.add, reading);
  return suggestThreshold(rule, threshold, { tried, firings: replay.firings(), atMost });
}

/** Undefined where Prometheus does not scrape Alertmanager. */
async function alertmanagerCount(
  { startMs, endMs }: Window,
  { api, signal }: ReportDeps,
): Promise<AlertmanagerCount | undefined> {
  const range = `${Math.round((endMs - startMs) / 1000)}s`;
  const ask = async (metric: string): Promise<number | undefined> => {
    const { samples } = await api.query(`sum(increase(${metric}[${range}]))`, { timeSeconds: endMs / 1000, signal });
    return samples[0]?.value;
  };
  const notifications = await ask('alertmanager_notifications_total');
  if (notifications === undefined) return undefined;
  return {
    notifications: Math.round(notifications),
    failed: Math.round((await ask('alertmanager_notifications_failed_total')) ?? 0),
  };
}

function secondsOf(text: string | undefined): number {
  return text === undefined ? 0 : (parseDuration(text) ?? 0);
}
