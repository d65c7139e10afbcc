import { wrap } from '../../kit/wrap.ts';
import type { Alert } from '../../rules/alert.ts';
import { thresholdsInForce } from '../../rules/render/runbooks.ts';
import { type ThresholdName, thresholds } from '../../rules/thresholds.ts';
import { type Column, tableWithText, textTable } from '../api-client/text-table.ts';
import { counted } from '../doctor/counted.ts';
import { painted, type TextStyle } from '../training-inspect/text/style.ts';
import { listOptions } from './options.ts';
import { runRulesCommand } from './run-rules-command.ts';

interface ListedAlert {
  readonly alert: Alert;
  readonly theme: string;
  readonly profile: string;
}

interface ListedThreshold {
  readonly name: string;
  readonly value: number;
  readonly isChanged: boolean;
  readonly unit: string;
  readonly reason: string;
}

const alertColumns: readonly Column<ListedAlert>[] = [
  { title: 'ALERT', of: ({ alert }) => alert.name },
  { title: 'SEVERITY', of: ({ alert }) => alert.severity },
  { title: 'TEAM', of: ({ alert }) => alert.team },
  { title: 'FOR', of: ({ alert }) => alert.for },
  { title: 'THEME', of: ({ theme, profile }) => (profile === '' ? theme : `${theme} (${profile})`) },
];
const thresholdColumns: readonly Column<ListedThreshold>[] = [
  { title: 'THRESHOLD', of: ({ name }) => name },
  { title: 'VALUE', of: ({ value }) => String(value), isNumber: true },
  { title: 'UNIT', of: ({ unit }) => unit },
  { title: 'CHANGED', of: ({ isChanged }) => (isChanged ? 'yes' : '') },
];

/** Columns of a terminal from which the thresholds stand beside the alert. */
const wide = 110;

/** Runs `fleetlens rules list`. */
export function list(argv: readonly string[]): Promise<number> {
  return runRulesCommand(listOptions, argv, ({ options, themes, overrides, style }) => {
    const has = (...texts: readonly string[]): boolean =>
      texts.some((text) => text.toLowerCase().includes((options.grep ?? '').toLowerCase()));
    if (options.thresholds) {
      const rows = (Object.keys(thresholds) as ThresholdName[])
        .filter((name) => has(name, thresholds[name].reason))
        .map((name) => thresholdRow(name, overrides.thresholds[name]));
      return { json: rows, lines: textTable(rows, thresholdColumns, style), status: rows.length === 0 ? 1 : 0 };
    }
    const rows = themes
      .flatMap(({ theme, profile = '', alerts }) => alerts.map((alert): ListedAlert => ({ alert, theme, profile })))
      .filter(({ alert }) => options.domain === 'all' || alert.domain === options.domain)
      .filter(({ alert }) => options.severity === 'all' || alert.severity === options.severity)
      .filter(({ alert, theme }) => has(alert.name, theme, alert.summary));
    if (rows.length === 0) return { json: [], lines: ['no alert is found'], status: 1 };
    const last = painted(
      `${counted(rows.length, 'alert')}; fleetlens rules explain ALERT tells all about one`,
      'dim',
      style,
    );
    const lines = alertLines(rows, style);
    return { json: rows.map(alertJson), lines: [...lines, last], status: 0 };
  });
}

/** Where there is no room for a column more, the thresholds stand below the alert, so that its name is never cut. */
function alertLines(rows: readonly ListedAlert[], style: TextStyle): readonly string[] {
  if (style.width >= wide)
    return tableWithText(rows, alertColumns, { title: 'THRESHOLDS', of: ({ alert }) => valuesText(alert) }, style);
  const [head = '', ...lines] = textTable(rows, alertColumns, style);
  return [
    head,
    ...rows.flatMap(({ alert }, index) => {
      const values = valuesText(alert);
      return [lines[index] ?? '', ...(values === '' ? [] : wrap(values, { indent: '    ', width: style.width }))];
    }),
  ];
}

function thresholdRow(name: ThresholdName, given: number | undefined): ListedThreshold {
  const { value, unit, reason } = thresholds[name];
  return { name, value: given ?? value, isChanged: given !== undefined && given !== value, unit, reason };
}

function valuesText({ expr }: Alert): string {
  return [...thresholdsInForce(expr)].map(([name, value]) => `${name} ${value}`).join(', ');
}

function alertJson({ alert, theme, profile }: ListedAlert): object {
  const { name, severity, team, domain, action, summary, expr, keepFiringFor } = alert;
  return {
    alert: name,
    theme,
    ...(profile !== '' && { profile }),
    severity,
    team,
    domain,
    action,
    for: alert.for,
    ...(keepFiringFor !== undefined && { keep_firing_for: keepFiringFor }),
    summary,
    expr: expr.promql,
    thresholds: Object.fromEntries(thresholdsInForce(expr)),
  };
}
