import { routingVerdicts } from '../../../alertmanager/routing-tests.ts';
import type { Site } from '../../../alertmanager/site.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { cut } from '../../../kit/options/preview.ts';
import type { Alert } from '../../../rules/alert.ts';
import { alertThemes } from '../../../rules/alerts/index.ts';
import { inSite, readSite } from '../../generate/read-site.ts';
import { objectiveRules } from '../../generate/slo/objective-rules.ts';
import { readObjectives } from '../../generate/slo/read-objectives.ts';
import { bullets, paragraph } from '../../prediction/text/words.ts';
import { applyOverrides } from '../../rules/overrides/apply-overrides.ts';
import { loadOverrides } from '../../rules/overrides/load-overrides.ts';
import { runCommand } from '../../run-command.ts';
import { splitCommandLine } from '../../training-inspect/command-line.ts';
import { painted, type TextStyle } from '../../training-inspect/text/style.ts';
import { styleOf } from '../../training-inspect/training-inspect.ts';
import { type Answer, configOf, fullLabels, routeAnswer, type Way } from './answer.ts';
import { routeOptions } from './options.ts';
import { verdictLines } from './try-routes.ts';

/** Runs `fleetlens alerts route`. Resolves with 0, 1 if nobody is told or a routing test is wrong, or 2 for wrong usage. */
export function alertsRoute(argv: readonly string[]): Promise<number> {
  const line = splitCommandLine(argv, routeOptions.options);
  return runCommand(routeOptions, line.options, ({ site: path, json, test, ...rules }) => {
    if (path === undefined) throw new ConfigError('--site is needed: the file that says who is told what');
    const site = readSite(path);
    const asked = { site, words: line.paths, pack: packOf(rules) };
    const outcome = inSite(path, () => (test ? tryTests(asked) : ask(asked)));
    const text = json
      ? JSON.stringify(outcome.json, null, 2)
      : outcome.lines(styleOf(process.stdout, process.env)).join('\n');
    process.stdout.write(`${text}\n`);
    return Promise.resolve(outcome.status);
  });
}

interface Outcome {
  readonly json: unknown;
  readonly lines: (style: TextStyle) => readonly string[];
  readonly status: 0 | 1;
}

interface Asked {
  readonly site: Site;
  readonly words: readonly string[];
  readonly pack: readonly Alert[];
}

interface RuleFiles {
  readonly 'rules.overrides': string | undefined;
  readonly 'slo.file': string | undefined;
}

/** Our alerts and those of objectives, as the site has them. */
function packOf({ 'rules.overrides': overridesFile, 'slo.file': sloFile }: RuleFiles): readonly Alert[] {
  const user = readObjectives(sloFile);
  const overrides = loadOverrides(overridesFile, user);
  const objectives = (user?.slos ?? []).flatMap((slo) => objectiveRules(slo, overrides).themes);
  return [...applyOverrides(alertThemes, overrides), ...objectives].flatMap(({ alerts }) => alerts);
}

function ask({ site, words, pack }: Asked): Outcome {
  const answer = routeAnswer(site, labelsOf(words), pack);
  return { json: answer, lines: (style) => lines(answer, style), status: answer.told.length === 0 ? 1 : 0 };
}

function tryTests({ site, words, pack }: Asked): Outcome {
  if (words.length > 0) throw new ConfigError(`--test takes no labels, got ${cut(words.join(' '))}`);
  if (site.routing_tests === undefined)
    throw new ConfigError('the site file has no routing_tests: write down who should be told of which alert');
  const verdicts = routingVerdicts(site, configOf(site), (given) => fullLabels(given, pack));
  return {
    json: verdicts,
    lines: (style) => verdictLines(verdicts, style),
    status: verdicts.every(({ isRight }) => isRight) ? 0 : 1,
  };
}

function labelsOf(words: readonly string[]): Readonly<Record<string, string>> {
  if (words.length === 0) throw new ConfigError('name labels of the alert, such as alertname=GpuLost node=n7');
  return Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([a-zA-Z_]\w*)=(.*)$/s.exec(word) ?? [];
      if (name === undefined || value === undefined)
        throw new ConfigError(`labels are written as name=value, such as alertname=GpuLost, got ${cut(word)}`);
      return [name, value];
    }),
  );
}

function lines({ labels, told, untoldBecause, keptBackBy }: Answer, style: TextStyle): readonly string[] {
  const shown = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [
    ...paragraph(shown.join(' '), style),
    '',
    ...(told.length === 0
      ? [`Nobody is told, because ${untoldBecause.join(' and ')}.`]
      : told.flatMap((way) => wayLines(way, style))),
    ...(keptBackBy.length === 0
      ? []
      : [
          '',
          painted('It is kept back', 'bold', style),
          ...bullets(
            keptBackBy.map(
              (each) => `while ${each.while.join(' and ')} fires at the same ${each.equal.join(', ')}. ${each.why}`,
            ),
            style,
          ),
        ]),
  ];
}

function wayLines(
  { receiver, channels, groupBy, repeat, activeIn, mutedIn, because }: Way,
  style: TextStyle,
): readonly string[] {
  return [
    painted(receiver, 'bold', style),
    ...bullets(
      [
        `through ${channels.join(', ')}`,
        `in one message with all that have the same ${groupBy.join(', ')}`,
        ...(repeat === undefined ? [] : [`again after ${repeat} while it fires`]),
        ...(activeIn.length === 0 ? [] : [`only in ${activeIn.join(', ')}`]),
        ...(mutedIn.length === 0 ? [] : [`never in ${mutedIn.join(', ')}`]),
        because.length === 0 ? 'because no route fits better' : `because ${because.join(' and ')}`,
      ],
      style,
    ),
  ];
}
