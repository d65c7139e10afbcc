import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import type { OptionValues } from '../../kit/options/define.ts';
import { mimirGroupsPerTenant } from '../../rules/targets/for-target.ts';
import { loadOverrides } from '../rules/overrides/load-overrides.ts';
import { queryOffsetOf, targetOf } from '../rules/rule-options.ts';
import { runCommand } from '../run-command.ts';
import { alertmanagerFiles, alertmanagerReport } from './alertmanager-forms.ts';
import { cmdbScrapeFile } from './cmdb-jobs.ts';
import { committed } from './committed.ts';
import { engineScrapeFile } from './engine-jobs.ts';
import { engineMonitorFiles } from './engine-monitors.ts';
import { type Files, objectiveRunbooks, operatorRuleFiles, prometheusRuleFiles } from './files.ts';
import { leftOver } from './left-over.ts';
import { generateOptions } from './options.ts';
import { runbookPages } from './runbook-pages.ts';
import { exampleScrapeConfig } from './scrape-config.ts';
import { readObjectives } from './slo/read-objectives.ts';
import { parseProfiles, vendorFiles } from './vendor-jobs.ts';
import { toYaml } from './yaml.ts';

type Options = OptionValues<typeof generateOptions.options>;

/** `fleetlens generate`. Resolves with the exit status. */
export function generate(argv: readonly string[]): Promise<number> {
  return runCommand(generateOptions, argv, async (options) => {
    const { out } = options;
    if (out === undefined)
      throw new ConfigError('--out is needed: the folder to write into, such as --out=./fleetlens-config');
    const files = renderAll(options);
    for (const [path, text] of files) writeWhole(join(out, path), text);
    process.stdout.write(report(out, files, options) + leftOverReport(out, files));
    return 0;
  });
}

function renderAll(options: Options): Files {
  const target = targetOf(options);
  const objectives = readObjectives(options['slo.file']);
  const overrides = loadOverrides(options['rules.overrides'], objectives);
  const rules = {
    objectives,
    runbookBaseUrl: options['runbook.base-url'],
    grafanaUrl: options['grafana.url'],
    optional: [
      ...(options['rules.compat'] ? ['compat'] : []),
      ...(options['rules.billing-long-term'] ? ['billing-long-term'] : []),
    ],
    profiles: parseProfiles(options['rules.profiles']),
    overrides,
    target,
    queryOffset: queryOffsetOf(options['rules.query-offset'], target),
  };
  const { site, 'operator.namespace': namespace } = options;
  const operator = {
    labels: parseLabels(options['operator.labels']),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return new Map([
    ...within('rules', prometheusRuleFiles(rules)),
    ...within('operator', operatorRuleFiles(rules, operator)),
    ...within('dashboards', committed('dashboards/generated', '.json')),
    ...within('runbooks', runbookPages(overrides)),
    ...(objectives === undefined ? [] : within('runbooks', objectiveRunbooks(objectives, overrides))),
    ...(site === undefined ? [] : within('alertmanager', alertmanagerFiles({ ...options, site }, operator))),
    ['prometheus/scrape-fleetlens.yml', toYaml(exampleScrapeConfig(), 'cli/generate/scrape-config.ts')],
    ['prometheus/scrape-engines.yml', engineScrapeFile()],
    ['prometheus/scrape-cmdb.yml', cmdbScrapeFile()],
    ...within('prometheus', vendorFiles(options['rules.profiles'])),
    ...engineMonitorFiles(operator),
  ]);
}

function within(folder: string, files: Files): readonly (readonly [string, string])[] {
  return [...files].map(([path, text]) => [join(folder, path), text] as const);
}

function parseLabels(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value] = pair.split('=', 2);
      if (value !== undefined && /^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$/.test(name)) return [name, value];
      throw new ConfigError(
        `--operator.labels must be name=value pairs, such as release=kube-prometheus-stack, got "${pair}"`,
      );
    }),
  );
}

/** A reader never sees half a file, and a full disk leaves the old one. */
function writeWhole(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new ConfigError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}

function report(out: string, files: Files, options: Options): string {
  const count = (folder: string): number => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).length;
  return `Wrote ${files.size} files into ${out}
  rules/         ${rulesReport(files, options)}
  operator/      ${count('operator')} ${options['rules.target'] === 'victoriametrics' ? 'VMRule' : 'PrometheusRule'} objects with the same groups; kubectl apply -f operator/
${alertmanagerReport(options)}  dashboards/    ${count('dashboards')} for Grafana's provisioning or import
  runbooks/      ${count('runbooks')} pages; serve them and name the address with --runbook.base-url
  prometheus/    scrape_configs to paste into prometheus.yml: for FleetLens, for targets of the inventory, and for inference engines of others
  podmonitors/   ${count('podmonitors')} PodMonitor objects for these engines, and in servicemonitors/ the same for services; apply one of the two
`;
}

function leftOverReport(out: string, files: Files): string {
  const paths = leftOver(out, files);
  if (paths.length === 0) return '';
  return `
Not made any more, and still there from an earlier run. Delete them, or they go on being loaded:
${paths.map((path) => `  ${join(out, path)}\n`).join('')}`;
}

function rulesReport(files: Files, options: Options): string {
  const rules = [...files].filter(([path]) => path.startsWith('rules/'));
  const count = rules.length;
  switch (options['rules.target']) {
    case 'prometheus':
      return `${count} files for rule_files of prometheus.yml; check with: promtool check rules rules/*.yaml`;
    case 'thanos':
      return `${count} files for --rule-file of thanos rule; check with: thanos tools rules-check --rules='rules/*.yaml'`;
    case 'victoriametrics':
      return `${count} files for -rule of vmalert; check with: vmalert -dryRun -rule='rules/*.yaml'`;
    case 'mimir': {
      const groups = rules.reduce((sum, [, text]) => sum + (text.match(/^ {2}- name: /gm)?.length ?? 0), 0);
      const limit =
        groups > mimirGroupsPerTenant
          ? `; raise ruler_max_rule_groups_per_tenant, which is ${mimirGroupsPerTenant} unless you set it`
          : '';
      return `${groups} groups; load with: mimirtool rules load rules/fleetlens.yaml${limit}`;
    }
  }
}
