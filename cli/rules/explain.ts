import { didYouMean } from '../../kit/config-values.ts';
import { ConfigError } from '../../kit/errors.ts';
import { wrap } from '../../kit/wrap.ts';
import type { Alert, AlertTheme } from '../../rules/alert.ts';
import { actionMeaning, severityMeaning, teamMeaning, thresholdsInForce } from '../../rules/render/runbooks.ts';
import { allThemes } from '../../rules/themes.ts';
import { type ThresholdName, thresholds } from '../../rules/thresholds.ts';
import { type Column, textTable } from '../api-client/text-table.ts';
import { painted, type TextStyle, titled } from '../training-inspect/text/style.ts';
import { type Rung, severityLadder } from './explain/ladder.ts';
import { heldBackBy, holdsBack, type Relation } from './explain/relations.ts';
import { type Told, toldOf } from './explain/told.ts';
import { explainOptions } from './options.ts';
import { promqlLines } from './promql/layout.ts';
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
    return { json: explanation(alert, theme), lines: explanationLines(alert, theme, style), status: 0 };
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

function explanation(alert: Alert, theme: AlertTheme): object {
  const { expr, name, fires, quiet, runbook, ...others } = alert;
  return {
    alert: name,
    theme: theme.theme,
    ...others,
    expr: expr.promql,
    thresholds: Object.fromEntries(thresholdsInForce(expr)),
    runbook,
    fires: fires.when,
    ...(quiet !== 'never' && { quiet: quiet.when }),
    ladder: severityLadder(alert, theme),
    held_back_by: heldBackBy(alert).map(relationJson),
    holds_back: holdsBack(alert).map(relationJson),
    told: toldOf(alert).map(({ receiver, groupBy, again }) => ({ receiver, group_by: groupBy, again })),
  };
}

function relationJson({ ifThisHas, ...others }: Relation): object {
  return { ...others, if_this_has: ifThisHas };
}

const titleWidth = 14;

function explanationLines(alert: Alert, theme: AlertTheme, style: TextStyle): readonly string[] {
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
    ...fact('theme', `${theme.theme}, of the domain ${alert.domain}`),
    ...section('What it means', indented([alert.runbook.meaning], style)),
    ...section('When it fires', promqlLines(alert.expr.promql, { indent: '  ', width: style.width })),
    ...section(
      'Thresholds',
      [...thresholdsInForce(alert.expr)].flatMap(([name, value]) => thresholdLines(name, value, style)),
    ),
    ...section('First look', numbered(alert.runbook.firstLook, style)),
    ...section('Remedy', numbered(alert.runbook.remedy, style)),
    ...section('Who is told', toldLines(alert, style)),
    ...section('Related alerts, the worst first', ladderLines(severityLadder(alert, theme), style)),
    ...section(
      'Held back by',
      heldBackBy(alert).flatMap((each) => relationLines(each, style)),
    ),
    ...section(
      'Holds back',
      holdsBack(alert).flatMap((each) => relationLines(each, style)),
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

function toldLines(alert: Alert, style: TextStyle): readonly string[] {
  const ways = toldOf(alert).map(wayText);
  const isMuted = alert.severity === 'info';
  return [
    ...indented(isMuted ? [mutedText, ...ways.map((way) => `Then ${way}`)] : ways, style),
    ...(ways.length === 0 ? ['  Nobody.'] : []),
    ...indented([siteText], style).map((line) => painted(line, 'dim', style)),
    painted(`    fleetlens alerts route --site=site.yaml alertname=${alert.name}`, 'dim', style),
  ];
}

const mutedText = 'Nobody, since infos are muted unless the site file says mute: [].';
const siteText = 'A team without channels of its own is told through default. By your own site file:';

function wayText({ receiver, groupBy, again }: Told): string {
  return `${receiver}, in one message per ${groupBy.join(', ')}; again after ${again}.`;
}

const ladderColumns: readonly Column<Rung>[] = [
  { title: 'SEVERITY', of: ({ severity }) => severity },
  { title: 'ALERT', of: ({ alert }) => alert },
  { title: '', of: ({ relation }) => relation },
];

function ladderLines(rungs: readonly Rung[], style: TextStyle): readonly string[] {
  if (rungs.length === 0) return [];
  return textTable(rungs, ladderColumns, { ...style, width: style.width - 2 })
    .slice(1)
    .map((line) => `  ${line}`);
}

function relationLines(
  { alerts, with: conditions, ifThisHas, equal, why }: Relation,
  { width }: TextStyle,
): readonly string[] {
  const condition = conditions.length === 0 ? '' : ` with ${conditions.join(', ')}`;
  const own = ifThisHas.length === 0 ? '' : `; if this one has ${ifThisHas.join(', ')}`;
  return [
    ...wrap(`${alerts.join(', ')}${condition} (same ${equal.join(', ')}${own})`, { indent: '  ', width }),
    ...wrap(why, { indent: '    ', width }),
  ];
}
