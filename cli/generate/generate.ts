import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSite, type Site } from '../../alertmanager/site.ts';
import { ConfigError, reasonOf } from '../../kit/errors.ts';
import type { OptionValues } from '../../kit/options/define.ts';
import { packageRoot } from '../../kit/package-root.ts';
import { parseYaml } from '../../kit/yaml.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { runbookPage } from '../../rules/render/runbooks.ts';
import { mimirGroupsPerTenant } from '../../rules/targets/for-target.ts';
import { applyOverrides } from '../rules/overrides/apply-overrides.ts';
import { loadOverrides } from '../rules/overrides/load-overrides.ts';
import type { Overrides } from '../rules/overrides/overrides.ts';
import { parseProfiles, queryOffsetOf, targetOf } from '../rules/rule-options.ts';
import { runCommand } from '../run-command.ts';
import { cmdbScrapeFile } from './cmdb-jobs.ts';
import { engineScrapeFile } from './engine-jobs.ts';
import { engineMonitorFiles } from './engine-monitors.ts';
import { alertmanagerFile, type Files, operatorRuleFiles, prometheusRuleFiles } from './files.ts';
import { generateOptions } from './options.ts';
import { exampleScrapeConfig } from './scrape-config.ts';
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
    process.stdout.write(report(out, files, options));
    return 0;
  });
}

function renderAll(options: Options): Files {
  const overrides = loadOverrides(options['rules.overrides'], alertThemes);
  const target = targetOf(options);
  const rules = {
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
  const namespace = options['operator.namespace'];
  const operator = {
    labels: parseLabels(options['operator.labels']),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return new Map([
    ...within('rules', prometheusRuleFiles(rules)),
    ...within('operator', operatorRuleFiles(rules, operator)),
    ...within('dashboards', committed('dashboards/generated', '.json')),
    ...within('runbooks', runbooks(overrides)),
    ...(options.site === undefined ? [] : within('alertmanager', alertmanagerFiles(options.site))),
    ['prometheus/scrape-fleetlens.yml', toYaml(exampleScrapeConfig(), 'cli/generate/scrape-config.ts')],
    ['prometheus/scrape-engines.yml', engineScrapeFile()],
    ['prometheus/scrape-cmdb.yml', cmdbScrapeFile()],
    ...engineMonitorFiles(operator),
  ]);
}

function alertmanagerFiles(path: string): Files {
  return new Map([
    ['alertmanager.yml', alertmanagerFile(readSite(path), path, 'templates')],
    ...within('templates', committed('alertmanager/templates', '.tmpl')),
  ]);
}

function readSite(path: string): Site {
  try {
    return parseSite(parseYaml(path, readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`--site ${path}: ${reasonOf(error)}`);
  }
}

/** With the thresholds of the site. */
function runbooks(overrides: Overrides): Files {
  return new Map(
    applyOverrides(alertThemes, overrides).flatMap((theme) =>
      theme.alerts.map((alert) => [`${alert.name}.md`, runbookPage(alert, theme)] as const),
    ),
  );
}

/** Files that ship with the package as they are. */
function committed(folder: string, suffix: string): Files {
  const names = readdirSync(join(packageRoot, folder)).filter((name) => name.endsWith(suffix));
  return new Map(names.map((name) => [name, readFileSync(join(packageRoot, folder, name), 'utf8')]));
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
  const alertmanager =
    options.site === undefined
      ? '  alertmanager/  not written: describe your receivers in a file and name it with --site\n'
      : '  alertmanager/  check with: amtool check-config alertmanager/alertmanager.yml\n';
  return `Wrote ${files.size} files into ${out}
  rules/         ${rulesReport(files, options)}
  operator/      ${count('operator')} ${options['rules.target'] === 'victoriametrics' ? 'VMRule' : 'PrometheusRule'} objects with the same groups; kubectl apply -f operator/
${alertmanager}  dashboards/    ${count('dashboards')} for Grafana's provisioning or import
  runbooks/      ${count('runbooks')} pages; serve them and name the address with --runbook.base-url
  prometheus/    scrape_configs to paste into prometheus.yml: for FleetLens, for targets of the inventory, and for inference engines of others
  podmonitors/   ${count('podmonitors')} PodMonitor objects for these engines, and in servicemonitors/ the same for services; apply one of the two
`;
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
