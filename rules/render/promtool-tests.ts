import { type Alert, type AlertTheme, type Example, type FiringExample, situationsOf } from '../alert.ts';
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

/** The series of a test. */
export interface TestInput {
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
}

export interface TestGroup extends TestInput {
  readonly name: string;
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
  const tests = alerts.flatMap((alert) => situationsOf(alert).map((situation) => testGroup(alert, situation)));
  return { rule_files: ruleFiles, evaluation_interval: '1m', tests };
}

/** A situation and what is expected of the alert, and of others that go by other names. */
export function testGroup(alert: Alert, situation: FiringExample, names: readonly string[] = [alert.name]): TestGroup {
  const outcome = situation.alerts.length === 0 ? 'stays quiet' : 'fires';
  return {
    name: `${alert.name} ${outcome}: ${situation.when}`,
    ...inputOf(situation),
    promql_expr_test: names.map((alertname) => ({
      expr: alertsSelector({ alertname, alertstate: 'firing' }),
      eval_time: situation.at,
      exp_samples: situation.alerts.map((labels) => ({
        labels: alertsSelector({ alertname, alertstate: 'firing', ...labels, ...ruleLabels(alert) }),
        value: 1,
      })),
    })),
  };
}

export function inputOf({ series, interval = '1m' }: Example): TestInput {
  return { interval, input_series: series.map(([name, values]) => ({ series: name.promql, values })) };
}

// JSON's escapes of strings are a subset of PromQL's.
function alertsSelector(labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `ALERTS{${matchers.join(',')}}`;
}
