import { t } from '@grafana/i18n';
import { ask, type Question } from '../services/ask';
import type { Service } from '../services/service';
import { ServiceProblem } from '../services/service-problem';

/** What a test found: what the service says of itself, and how long it took. */
export type TestResult =
  | { readonly kind: 'well'; readonly text: string; readonly tookMs: number }
  | { readonly kind: 'problem'; readonly problem: ServiceProblem };

/** Asks the service by the way that pages and panels ask, with what is stored. */
export async function testService(service: Service, now: () => number): Promise<TestResult> {
  const start = now();
  try {
    const text = await ask(questions[service]);
    return { kind: 'well', text, tookMs: now() - start };
  } catch (error) {
    if (error instanceof ServiceProblem) return { kind: 'problem', problem: error };
    throw error;
  }
}

const questions: Readonly<Record<Service, Question<string>>> = {
  cmdb: { service: 'cmdb', path: '/api/v1/sources', read: sourcesText },
  billing: { service: 'billing', path: '/api/v1/status', read: meteringText },
  prediction: { service: 'prediction', path: '/api/v1/sources', read: historyText },
  alertmanager: { service: 'alertmanager', path: '/api/v2/status', read: alertmanagerText },
};

function sourcesText(answer: unknown): string {
  const sources = list(answer, 'sources');
  const well = sources.filter((source) => record(record(source).last_look).outcome === 'taken_over');
  return t('connections.test.sources', 'It answers, and has read {{well}} of {{all}} sources.', {
    well: well.length,
    all: sources.length,
  });
}

function meteringText(answer: unknown): string {
  const meters = list(answer, 'meters');
  const troubled = meters.filter((meter) => record(meter).trouble !== undefined);
  return t('connections.test.meters', 'It answers. Meters: {{all}}, of them in trouble: {{troubled}}.', {
    all: meters.length,
    troubled: troubled.length,
  });
}

function historyText(answer: unknown): string {
  const sources = list(answer, 'sources');
  const up = sources.filter((source) => record(source).is_up === true);
  return t('connections.test.prediction', 'It answers, and reads {{up}} of {{all}} sources.', {
    up: up.length,
    all: sources.length,
  });
}

function alertmanagerText(answer: unknown): string {
  const { versionInfo, cluster } = record(answer);
  const { version } = record(versionInfo);
  if (typeof version !== 'string') throw new Error('the answer has no version of Alertmanager');
  return t('connections.test.alertmanager', 'Alertmanager {{version}} answers, its cluster is {{state}}.', {
    version,
    state: String(record(cluster).status),
  });
}

function list(answer: unknown, key: string): readonly unknown[] {
  const found = record(answer)[key];
  if (!Array.isArray(found)) throw new Error(`the answer has no list of ${key}`);
  return found;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
