import { mapConcurrently } from '../../../kit/map-concurrently.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import { type Alert, type AlertTheme, situationsOf } from '../../../rules/alert.ts';
import { alertFile } from '../../../rules/render/prometheus.ts';
import { testGroup } from '../../../rules/render/promtool-tests.ts';
import { allThemes } from '../../../rules/themes.ts';
import type { NamedFile, Promtool } from './promtool.ts';

export interface Problem {
  readonly alert: string;
  readonly kind: 'check' | 'example' | 'changed_by_override';
  readonly message: string;
}

interface Trial {
  readonly promtool: Promtool;
  /** Processes of promtool at a time. */
  readonly processes: number;
  /** Told each time that the examples of an alert are through. */
  readonly onTried: (alert: Alert) => void;
}

/** What does not hold: of the files as promtool reads them, and of the examples of the alerts. */
export async function tryRules(
  recordings: readonly NamedFile[],
  themes: readonly AlertTheme[],
  trial: Trial,
): Promise<readonly Problem[]> {
  const alerts = themes.map((theme) => ({
    name: `${theme.theme}.yaml`,
    file: alertFile(theme, { runbookBaseUrl: '' }),
  }));
  const unsound = await checkFiles([...recordings, ...alerts], trial);
  const broken = new Set(unsound.map(({ alert }) => alert));
  const sound = themes.filter(({ theme }) => !broken.has(`${theme}.yaml`));
  const subjects = sound.flatMap((theme) => theme.alerts.map((alert): Subject => ({ theme, alert })));
  const tried = await mapConcurrently(longestFirst(subjects), trial.processes, async (subject) => {
    const problems = await exampleProblems(subject, trial.promtool);
    trial.onTried(subject.alert);
    return { alert: subject.alert, problems };
  });
  return [...unsound, ...subjects.flatMap(({ alert }) => tried.find((each) => each.alert === alert)?.problems ?? [])];
}

/** An alert is tried alone: all others of its theme would be evaluated for each of its examples as well. */
interface Subject {
  readonly theme: AlertTheme;
  readonly alert: Alert;
}

/** All in one go, and only if that fails one by one. */
async function checkFiles(files: readonly NamedFile[], { promtool, processes }: Trial): Promise<readonly Problem[]> {
  if ((await promtool.check(files)) === undefined) return [];
  const said = await mapConcurrently(files, processes, (file) => promtool.check([file]));
  return files.flatMap(({ name }, index): readonly Problem[] => {
    const message = said[index];
    return message === undefined ? [] : [{ alert: name, kind: 'check', message: message.trim() }];
  });
}

/** What takes long must not begin when everything else is done. */
function longestFirst(subjects: readonly Subject[]): readonly Subject[] {
  return [...subjects].sort((one, other) => evaluationsOf(other.alert) - evaluationsOf(one.alert));
}

/** How often promtool evaluates the alert for its examples: once a minute. */
export function evaluationsOf(alert: Alert): number {
  return situationsOf(alert).reduce((sum, { at }) => sum + Math.ceil((parseDuration(at) ?? 0) / 60), 0);
}

/** One situation at a time where not all hold, so that they can be named. */
async function exampleProblems({ theme, alert }: Subject, promtool: Promtool): Promise<readonly Problem[]> {
  const alone = { ...theme, alerts: [alert] };
  if (await promtool.holds(alone)) return [];
  const isChanged = !allThemes.some(({ alerts }) => alerts.some((each) => sameRule(each, alert)));
  const problems: Problem[] = [];
  for (const situation of situationsOf(alert)) {
    if (await promtool.holds(alone, [testGroup(alert, situation)])) continue;
    const outcome = situation.alerts.length > 0 ? 'no longer fires as here' : 'now fires, where it was quiet';
    problems.push({
      alert: alert.name,
      kind: isChanged ? 'changed_by_override' : 'example',
      message: `${outcome}: ${situation.when}`,
    });
  }
  return problems;
}

function sameRule(one: Alert, other: Alert): boolean {
  return (
    one.name === other.name &&
    one.expr.promql === other.expr.promql &&
    one.for === other.for &&
    one.keepFiringFor === other.keepFiringFor
  );
}
