import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import type { Metric } from '../../../metrics/define.ts';
import { type Expr, withParameters } from '../../../metrics/promql.ts';
import type { Alert, AlertTheme } from '../../../rules/alert.ts';
import { everySeries } from '../every-series.ts';
import { filterByLabel } from './filter-by-label.ts';
import { checkThresholds } from './never-fires.ts';
import type { AlertChange, LabelMatch, LabelValues, Overrides } from './overrides.ts';

/** The themes as a site wants them; those without an alert that is left are left out. Throws ConfigError for what cannot be. */
export function applyOverrides(
  themes: readonly AlertTheme[],
  overrides: Overrides,
  series: ReadonlyMap<string, Metric> = everySeries,
): readonly AlertTheme[] {
  const changed = themes.map((theme) => ({
    ...theme,
    alerts: theme.alerts.flatMap((alert) => {
      const change = changeOf(alert, theme, overrides);
      return change.disabled === true ? [] : [changedAlert(alert, change, { overrides, series })];
    }),
  }));
  checkThresholds(
    changed.flatMap(({ alerts }) => alerts),
    overrides,
  );
  return changed.filter(({ alerts }) => alerts.length > 0);
}

/** What is said of the alert itself goes before what is said of its theme. */
export function changeOf({ name }: Alert, { theme }: AlertTheme, { themes, alerts }: Overrides): AlertChange {
  const [ofTheme, own] = [themes.get(theme) ?? {}, alerts.get(name) ?? {}];
  return {
    ...ofTheme,
    ...own,
    ...joined('labels', ofTheme, own),
    ...joined('annotations', ofTheme, own),
  };
}

function joined(key: 'labels' | 'annotations', ofTheme: AlertChange, own: AlertChange): AlertChange {
  const both = { ...ofTheme[key], ...own[key] };
  return Object.keys(both).length === 0 ? {} : { [key]: both };
}

interface Context {
  readonly overrides: Overrides;
  readonly series: ReadonlyMap<string, Metric>;
}

function changedAlert(alert: Alert, change: AlertChange, { overrides, series }: Context): Alert {
  const { disabled: _, only, except, ...fields } = change;
  const expr = withParameters(alert.expr, overrides.thresholds as Readonly<Record<string, number>>);
  const place = { alert: alert.name, file: overrides.file, series };
  return {
    ...alert,
    ...fields,
    ...(fields.keepFiringFor === '0s' && { keepFiringFor: undefined }),
    expr: filtered(filtered(expr, only, place, false), except, place, true),
  } as Alert;
}

interface Where {
  readonly alert: string;
  readonly file: string;
  readonly series: ReadonlyMap<string, Metric>;
}

function filtered(expr: Expr, match: LabelMatch | undefined, { alert, file, series }: Where, isExcept: boolean): Expr {
  const entries = Object.entries(match ?? {});
  return entries.reduce((filteredSoFar, [label, values]) => {
    try {
      return filterByLabel(filteredSoFar, { label, matcher: label + matcherText(values, isExcept) }, series);
    } catch (error) {
      const key = isExcept ? 'except' : 'only';
      throw new ConfigError(
        `${file}: alerts.${alert}.${key}.${label}: ${alert} cannot be limited by ${label}: ${reasonOf(error)}`,
      );
    }
  }, expr);
}

function matcherText(values: LabelValues, isExcept: boolean): string {
  if ('regex' in values) return `${isExcept ? '!~' : '=~'}${JSON.stringify(values.regex)}`;
  const [first = '', ...others] = values;
  if (others.length === 0) return `${isExcept ? '!=' : '='}${JSON.stringify(first)}`;
  return `${isExcept ? '!~' : '=~'}${JSON.stringify(values.map(literal).join('|'))}`;
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
