import type { Alert, AlertTheme, Example, FiringExample } from '../alert.ts';
import { ruleLabels } from './prometheus.ts';

interface ExpectedSample {
  readonly labels: string;
  readonly value: number;
}

interface ExprTest {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly ExpectedSample[];
}

interface TestGroup {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly promql_expr_test: readonly ExprTest[];
}

/** The content of one file for `promtool test rules`. */
export interface PromtoolTestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly tests: readonly TestGroup[];
}

export interface AlertTestOptions {
  /** The rule files to load, relative to the test file. */
  readonly ruleFiles: readonly string[];
}

/**
 * The examples of a theme as unit tests: each firing example expects exactly its alerts, each quiet one none.
 * They look at ALERTS, because promtool's own test of an alert also compares the expanded annotations letter by letter.
 */
export function alertTests({ alerts }: AlertTheme, { ruleFiles }: AlertTestOptions): PromtoolTestFile {
  return { rule_files: ruleFiles, evaluation_interval: '1m', tests: alerts.flatMap(exampleTests) };
}

function exampleTests(alert: Alert): readonly TestGroup[] {
  const fires = testGroup(alert, alert.fires, 'fires', expectedSamples(alert, alert.fires));
  if (alert.quiet === 'never') return [fires];
  return [fires, testGroup(alert, alert.quiet, 'stays quiet', [])];
}

function testGroup(alert: Alert, example: Example, outcome: string, samples: readonly ExpectedSample[]): TestGroup {
  return {
    name: `${alert.name} ${outcome}: ${example.when}`,
    interval: example.interval ?? '1m',
    input_series: example.series.map(([series, values]) => ({ series: series.promql, values })),
    promql_expr_test: [
      {
        expr: alertsSelector({ alertname: alert.name, alertstate: 'firing' }),
        eval_time: example.at,
        exp_samples: samples,
      },
    ],
  };
}

function expectedSamples(alert: Alert, { alerts }: FiringExample): readonly ExpectedSample[] {
  return alerts.map((labels) => ({
    labels: alertsSelector({ alertname: alert.name, alertstate: 'firing', ...labels, ...ruleLabels(alert) }),
    value: 1,
  }));
}

// JSON's escapes of strings are a subset of PromQL's.
function alertsSelector(labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `ALERTS{${matchers.join(',')}}`;
}
