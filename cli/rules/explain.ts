import { type Inhibition, inhibitions } from '../../alertmanager/inhibitions.ts';
import { didYouMean } from '../../kit/config-values.ts';
import { ConfigError } from '../../kit/errors.ts';
import { wrap } from '../../kit/wrap.ts';
import type { Alert } from '../../rules/alert.ts';
import { actionMeaning, severityMeaning, teamMeaning, thresholdsInForce } from '../../rules/render/runbooks.ts';
import { allThemes } from '../../rules/themes.ts';
import { type ThresholdName, thresholds } from '../../rules/thresholds.ts';
import { painted, type TextStyle, titled } from '../training-inspect/text/style.ts';
import { explainOptions } from './options.ts';
import { runRulesCommand } from './run-rules-command.ts';

/** Runs `fleetlens rules explain`. */
export function explain(argv: readonly string[]): Promise<number> {
  return runRulesCommand(explainOptions, argv, ({ words, themes, style }) => {
    const [name, ...others] = words;
    if (name === undefined || others.length > 0)
      throw new ConfigError('one ALERT is needed, such as fleetlens rules explain GpuTemperatureHigh');
    const theme = themes.find(({ alerts }) => alerts.some((alert) => alert.name === name));
    const alert = theme?.alerts.find((each) => each.name === name);
    if (theme === undefined || alert === undefined) throw notThere(name);
    return { json: explanation(alert, theme.theme), lines: explanationLines(alert, theme.theme, style), status: 0 };
  });
}

function notThere(name: string): ConfigError {
  const all = allThemes.flatMap(({ theme, profile, alerts }) =>
    alerts.map((alert) => ({ name: alert.name, theme, profile })),
  );
  const known = all.find((each) => each.name === name);
  if (known === undefined) {
    const hint = didYouMean(
      name,
      all.map((each) => each.name),
    );
    return new ConfigError(`there is no alert ${name.slice(0, 100)}${hint || '; fleetlens rules list lists them'}`);
  }
  const why =
    known.profile === undefined ? 'your overrides switch it off' : `it needs --rules.profiles=${known.profile}`;
  return new ConfigError(`${name} of the theme ${known.theme} is not loaded: ${why}`);
}

function explanation(alert: Alert, theme: string): object {
  const { expr, name, fires, quiet, runbook, ...others } = alert;
  return {
    alert: name,
    theme,
    ...others,
    expr: expr.promql,
    thresholds: Object.fromEntries(thresholdsInForce(expr)),
    runbook,
    fires: fires.when,
    ...(quiet !== 'never' && { quiet: quiet.when }),
    held_back_by: related(alert, 'source'),
    holds_back: related(alert, 'target'),
  };
}

const titleWidth = 14;

function explanationLines(alert: Alert, theme: string, style: TextStyle): readonly string[] {
  const fact = (title: string, text: string): readonly string[] => titled(title, text, titleWidth, style);
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', painted(title, 'bold', style), ...lines];
  return [
    painted(alert.name, 'bold', style),
    ...wrap(alert.summary, { indent: '', width: style.width }),
    '',
    ...fact('severity', severityMeaning[alert.severity]),
    ...fact('who', teamMeaning[alert.team]),
    ...fact('what to do', actionMeaning[alert.action]),
    ...fact('fires', timing(alert)),
    ...fact('theme', theme),
    ...section('What it means', indented([alert.runbook.meaning], style)),
    ...section(
      'When it fires',
      alert.expr.promql.split('\n').map((line) => `  ${line}`),
    ),
    ...section(
      'Thresholds',
      [...thresholdsInForce(alert.expr)].flatMap(([name, value]) => thresholdLines(name, value, style)),
    ),
    ...section('First look', numbered(alert.runbook.firstLook, style)),
    ...section('Remedy', numbered(alert.runbook.remedy, style)),
    ...section(
      'Held back by',
      related(alert, 'source').flatMap((each) => relationLines(each, style)),
    ),
    ...section(
      'Holds back',
      related(alert, 'target').flatMap((each) => relationLines(each, style)),
    ),
    ...section('Examples', [
      ...fact('fires', `${alert.fires.when}.`),
      ...(alert.quiet === 'never' ? [] : fact('stays quiet', `${alert.quiet.when}.`)),
    ]),
  ];
}

function timing({ for: wait, keepFiringFor }: Alert): string {
  const first = wait === '0s' ? 'at once' : `after ${wait} without a break`;
  return keepFiringFor === undefined ? first : `${first}, and for ${keepFiringFor} after it has ended`;
}

function thresholdLines(name: string, value: number, style: TextStyle): readonly string[] {
  const { unit, value: usual, reason } = thresholds[name as ThresholdName];
  const changed = value === usual ? '' : ` (default ${usual})`;
  return [
    `  ${painted(name, 'bold', style)} ${value} ${unit}${changed}`,
    ...wrap(reason, { indent: '    ', width: style.width }),
  ];
}

function indented(texts: readonly string[], { width }: TextStyle): readonly string[] {
  return texts.flatMap((text) => wrap(text, { indent: '  ', width }));
}

function numbered(steps: readonly string[], { width }: TextStyle): readonly string[] {
  return steps.flatMap((step, index) => {
    const [first = '', ...rest] = wrap(step, { indent: '     ', width });
    return [`  ${index + 1}. ${first.trimStart()}`, ...rest];
  });
}

interface Relation {
  readonly alerts: readonly string[];
  readonly equal: readonly string[];
  readonly why: string;
}

/** Inhibitions that name the alert on the other side; those that go by severity or hold for all alerts hold for it too. */
function related({ name }: Alert, side: 'source' | 'target'): readonly Relation[] {
  const other = side === 'source' ? 'target' : 'source';
  return inhibitions
    .filter((each) => namesIn(each, other).includes(name))
    .map((each) => ({ alerts: namesIn(each, side), equal: each.equal, why: each.why }));
}

function namesIn(inhibition: Inhibition, side: 'source' | 'target'): readonly string[] {
  const names = Object.entries(inhibition[side]).find(([label]) => label === 'alertname')?.[1];
  return names === undefined ? [] : [names].flat().map(String);
}

function relationLines({ alerts, equal, why }: Relation, { width }: TextStyle): readonly string[] {
  return [
    ...wrap(`${alerts.join(', ')} (same ${equal.join(', ')})`, { indent: '  ', width }),
    ...wrap(why, { indent: '    ', width }),
  ];
}
