import { bridgeOptions } from '../../alertmanager/bridge/options.ts';
import { alertsCommandTables } from '../../cli/alerts/options.ts';
import { billingCommandTables } from '../../cli/billing/options.ts';
import { sendTestOptions } from '../../cli/bridge/options.ts';
import { captureOptions } from '../../cli/capture/options.ts';
import { cmdbCommandTables } from '../../cli/cmdb/options.ts';
import { doctorOptions } from '../../cli/doctor/options.ts';
import { generateOptions } from '../../cli/generate/options.ts';
import { predictionCommandTables } from '../../cli/prediction/options.ts';
import { previewOptions } from '../../cli/preview/options.ts';
import { rulesCommandTables } from '../../cli/rules/options.ts';
import { backupOptions, restoreOptions } from '../../cli/store/options.ts';
import { inspectOptions } from '../../cli/training-inspect/options.ts';
import { trainingRunOptions } from '../../cli/training-run/options.ts';
import { upOptions } from '../../cli/up/options.ts';
import { billingDocument } from '../../exporters/billing/api/document.ts';
import { billingRoutes } from '../../exporters/billing/api/routes/index.ts';
import { billingOptions } from '../../exporters/billing/options.ts';
import { cmdbDocument } from '../../exporters/cmdb/api/document.ts';
import { cmdbRoutes } from '../../exporters/cmdb/api/routes/index.ts';
import { cmdbOptions } from '../../exporters/cmdb/options.ts';
import { gpuOptions } from '../../exporters/gpu/options.ts';
import { inferenceOptions } from '../../exporters/inference/options.ts';
import { predictionDocument } from '../../exporters/prediction/api/document.ts';
import { predictionRoutes } from '../../exporters/prediction/api/routes/index.ts';
import { predictionOptions } from '../../exporters/prediction/options.ts';
import { trainingOptions } from '../../exporters/training/options.ts';
import { openApi } from '../../kit/api/openapi.ts';
import { environmentName, type OptionSpec, type OptionTable } from '../../kit/options/define.ts';
import { allowed } from '../../kit/options/help.ts';
import type { Metric } from '../../metrics/define.ts';
import { catalogues } from '../../metrics/index.ts';
import { labels } from '../../metrics/labels.ts';
import { xidClasses } from '../../metrics/xid.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { recordingGroups } from '../../rules/recording/index.ts';
import { generatedFrom, table } from '../../rules/render/markdown.ts';
import { ruleReference } from '../../rules/render/reference.ts';
import { thresholds } from '../../rules/thresholds.ts';

/** It also takes the options of the exporter, which are on the page already. */
const doctorOnly: OptionTable = {
  ...doctorOptions,
  about: `${doctorOptions.about} It takes all options of \`fleetlens gpu\` and these.`,
  options: { json: doctorOptions.options.json, timeout: doctorOptions.options.timeout },
};
/** They also take those of the exporter. */
const trainingRunOnly = besideThoseOfTraining(trainingRunOptions);
const inspectOnly = besideThoseOfTraining(inspectOptions);
const commands: readonly OptionTable[] = [
  upOptions,
  previewOptions,
  gpuOptions,
  captureOptions,
  doctorOnly,
  trainingOptions,
  trainingRunOnly,
  inspectOnly,
  inferenceOptions,
  billingOptions,
  predictionOptions,
  bridgeOptions,
  sendTestOptions,
  cmdbOptions,
  ...cmdbCommandTables,
  ...billingCommandTables,
  ...predictionCommandTables,
  ...alertsCommandTables,
  backupOptions,
  restoreOptions,
  ...rulesCommandTables,
  generateOptions,
];

function besideThoseOfTraining(table: OptionTable): OptionTable {
  const own = Object.entries(table.options).filter(([name]) => !Object.hasOwn(trainingOptions.options, name));
  return {
    ...table,
    about: `${table.about} It takes all options of \`fleetlens training\` and these.`,
    options: Object.fromEntries(own),
  };
}

/** The pages of docs/reference. */
export function generatedReference(): readonly (readonly [path: string, text: string])[] {
  return [
    ['docs/reference/metrics.md', metricsPage()],
    ['docs/reference/options.md', optionsPage()],
    ['docs/reference/xid.md', xidPage()],
    [
      'docs/reference/prediction-openapi.json',
      `${JSON.stringify(openApi(predictionRoutes, predictionDocument), null, 2)}\n`,
    ],
    ['docs/reference/billing-openapi.json', `${JSON.stringify(openApi(billingRoutes, billingDocument), null, 2)}\n`],
    ['docs/reference/cmdb-openapi.json', `${JSON.stringify(openApi(cmdbRoutes, cmdbDocument), null, 2)}\n`],
    [
      'docs/reference/alerts.md',
      ruleReference({
        themes: alertThemes,
        profiles: profileThemes,
        recordings: recordingGroups,
        thresholds,
        runbooks: '../runbooks',
      }),
    ],
  ];
}

function metricsPage(): string {
  const sections = Object.entries(catalogues).map(
    ([name, metrics]) => `## ${name}\n\n${metricsTable(Object.values(metrics))}`,
  );
  const labelTable = table(
    ['Label', 'Meaning'],
    Object.entries(labels).map(([name, help]) => [`\`${name}\``, help]),
  );
  return `${generatedFrom('metrics/')}

# Metrics

Every series that FleetLens emits or reads. Where \`node\`, \`cluster\`, \`rack\` and \`tenant\` are needed, service discovery or relabelling sets
them; no exporter does. A series that the hardware does not have is absent, never 0.

${sections.join('\n\n')}

## Labels

${labelTable}
`;
}

function metricsTable(metrics: readonly Metric[]): string {
  return table(
    ['Metric', 'Type', 'Unit', 'Labels', 'Meaning'],
    metrics.map(({ name, kind, unit, labels: names, help }) => [
      `\`${name}\``,
      kind,
      unit === 'none' ? '' : unit,
      names.map((label) => `\`${label}\``).join(', '),
      help,
    ]),
  );
}

function optionsPage(): string {
  const sections = commands.map(
    ({ command, about, options }) => `## ${command}\n\n${about}\n\n${optionsTable(Object.entries(options))}`,
  );
  return `${generatedFrom('the option tables')}

# Options

A flag beats the environment, which beats the YAML file of \`--config.file\`; in the file the dots of a name are levels, so
\`gpu.interval\` is \`gpu: {interval: 5s}\`. A switch is turned off by \`--no-<name>\`.

${sections.join('\n\n')}
`;
}

function optionsTable(options: readonly (readonly [name: string, spec: OptionSpec])[]): string {
  return table(
    ['Option', 'Default', 'Allowed', 'Meaning', 'Environment'],
    options.map(([name, spec]) => [
      `\`--${name}\``,
      defaultCell(spec),
      allowed(spec) ?? spec.type,
      spec.help + (spec.reloadable === true ? ' Applied on SIGHUP.' : ''),
      `\`${environmentName(name)}\``,
    ]),
  );
}

function defaultCell(spec: OptionSpec): string {
  const text = spec.type === 'list' ? spec.default.join(', ') : String(spec.default ?? '');
  return text === '' ? '' : `\`${text}\``;
}

function xidPage(): string {
  const rows = Object.entries(xidClasses).map(([name, { action, meaning, codes }]) => [
    name,
    codes.join(', '),
    action,
    meaning,
  ]);
  return `${generatedFrom('metrics/xid.ts')}

# XID codes

NVIDIA's catalogue by the immediate action that it names. A code that is in no class raises GpuXidUnclassified.

${table(['Class', 'Codes', 'Action', 'Meaning'], rows)}
`;
}
