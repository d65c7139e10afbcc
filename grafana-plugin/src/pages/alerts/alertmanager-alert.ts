/** What the page shows of an alert, from Alertmanager or from Prometheus. */
export interface ActiveAlert {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly runbookUrl: string | undefined;
  /** Undefined where only Prometheus tells of it. */
  readonly sinceMs: number | undefined;
  readonly state: 'active' | 'suppressed' | 'unprocessed';
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
}

/** Reads GET /api/v2/alerts; throws where it is something else. */
export function readAlerts(answer: unknown): readonly ActiveAlert[] {
  if (!Array.isArray(answer)) throw new Error('Alertmanager did not answer with a list of alerts.');
  return answer.map(readAlert);
}

function readAlert(value: unknown): ActiveAlert {
  if (!isRecord(value) || !isRecord(value.labels)) throw new Error('An alert of the answer has no labels.');
  const annotations = textsOf(value.annotations);
  const status = isRecord(value.status) ? value.status : {};
  return {
    id: typeof value.fingerprint === 'string' ? value.fingerprint : JSON.stringify(value.labels),
    labels: textsOf(value.labels),
    summary: annotations.summary,
    description: annotations.description,
    runbookUrl: safeUrl(annotations.runbook_url),
    sinceMs: timeOf(value.startsAt),
    state: stateOf(status.state),
    silencedBy: listOf(status.silencedBy),
    inhibitedBy: listOf(status.inhibitedBy),
  };
}

function stateOf(state: unknown): ActiveAlert['state'] {
  return state === 'suppressed' || state === 'unprocessed' ? state : 'active';
}

/** Annotations are written by people and programs; only a web address becomes a link. */
export function safeUrl(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}

export function timeOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

export function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text] as const] : [])),
  );
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
