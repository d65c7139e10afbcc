import { nearest } from '../kit/options/nearest.ts';
import { version } from '../kit/version.ts';

interface Command {
  readonly about: string;
  /** Loaded when it is called for, so that a daemon does not carry the others in its memory. Resolves with the exit status. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  up: {
    about: 'Start exporter, Prometheus and Alertmanager on this machine and watch alerts arrive.',
    run: async (argv) => (await import('./up/up.ts')).up(argv),
  },
  gpu: {
    about: 'Export the GPUs of this machine to Prometheus.',
    run: async (argv) => {
      const [{ runDaemon }, { gpuDaemon }] = await Promise.all([
        import('../kit/run.ts'),
        import('../exporters/gpu/main.ts'),
      ]);
      return runDaemon(gpuDaemon, argv);
    },
  },
  'gpu capture': {
    about: 'Write down what the NVIDIA driver answers, to show the GPUs of this machine elsewhere.',
    run: async (argv) => (await import('./capture/capture.ts')).capture(argv),
  },
  'doctor gpu': {
    about: 'Check what the GPU exporter needs on this machine.',
    run: async (argv) => (await import('./doctor/doctor.ts')).doctor(argv),
  },
  training: {
    about: 'Export training runs to Prometheus, from the files that they write or from what they push.',
    run: async (argv) => {
      const [{ runDaemon }, { trainingDaemon }] = await Promise.all([
        import('../kit/run.ts'),
        import('../exporters/training/main.ts'),
      ]);
      return runDaemon(trainingDaemon, argv);
    },
  },
  'training run': {
    about: 'Run a training command and export what it prints.',
    run: async (argv) => (await import('./training-run/training-run.ts')).trainingRun(argv),
  },
  'training inspect': {
    about: 'Tell what the training exporter would show of a file or folder.',
    run: async (argv) => (await import('./training-inspect/training-inspect.ts')).trainingInspect(argv),
  },
  inference: {
    about: 'Export LLM serving to Prometheus: a metering proxy in front of LLM servers, and what engines tell.',
    run: async (argv) => {
      const [{ runDaemon }, { inferenceDaemon }] = await Promise.all([
        import('../kit/run.ts'),
        import('../exporters/inference/main.ts'),
      ]);
      return runDaemon(inferenceDaemon, argv);
    },
  },
  cmdb: {
    about: 'Keep the inventory: what is where, whose it is, what breaks with it.',
    run: async (argv) => {
      const [{ runDaemon }, { cmdbDaemon }] = await Promise.all([
        import('../kit/run.ts'),
        import('../exporters/cmdb/main.ts'),
      ]);
      return runDaemon(cmdbDaemon, argv);
    },
  },
  'cmdb ansible': {
    about: 'Answer as an inventory script of Ansible.',
    run: async (argv) => (await import('./cmdb/ansible.ts')).cmdbAnsible(argv),
  },
  'cmdb find': {
    about: 'Find items of the inventory.',
    run: async (argv) => (await import('./cmdb/find.ts')).find(argv),
  },
  'cmdb show': {
    about: 'Tell all about one item of the inventory.',
    run: async (argv) => (await import('./cmdb/show.ts')).show(argv),
  },
  'cmdb impact': {
    about: 'Tell what breaks if an item of the inventory fails.',
    run: async (argv) => (await import('./cmdb/impact.ts')).impact(argv),
  },
  'cmdb import': {
    about: 'Take over items from a CSV, YAML or JSON file.',
    run: async (argv) => (await import('./cmdb/import.ts')).importFile(argv),
  },
  'cmdb diff': {
    about: 'Tell what has changed in the inventory, or what a source would change.',
    run: async (argv) => (await import('./cmdb/diff.ts')).diff(argv),
  },
  'cmdb history': {
    about: 'Tell who changed what in the inventory.',
    run: async (argv) => (await import('./cmdb/history.ts')).history(argv),
  },
  billing: {
    about: 'Meter GPU time and other usage from Prometheus into a ledger, and make bills for tenants.',
    run: async (argv) => {
      const [{ runDaemon }, { billingDaemon }] = await Promise.all([
        import('../kit/run.ts'),
        import('../exporters/billing/main.ts'),
      ]);
      return runDaemon(billingDaemon, argv);
    },
  },
  'billing status': {
    about: 'Tell how far the metering is, and what is wrong with it.',
    run: async (argv) => (await import('./billing/status.ts')).status(argv),
  },
  'billing bill': {
    about: 'Show a bill, or write it as PDF, HTML, CSV or JSON.',
    run: async (argv) => (await import('./billing/bill.ts')).bill(argv),
  },
  'billing close': {
    about: 'Close the bills of a period.',
    run: async (argv) => (await import('./billing/close.ts')).close(argv),
  },
  'billing explain': {
    about: 'Tell where a line of a bill comes from.',
    run: async (argv) => (await import('./billing/explain.ts')).explain(argv),
  },
  'billing backfill': {
    about: 'Meter a stretch of time again.',
    run: async (argv) => (await import('./billing/backfill.ts')).backfill(argv),
  },
  'billing what-if': {
    about: 'Tell what a period would cost with another price book.',
    run: async (argv) => (await import('./billing/what-if.ts')).whatIf(argv),
  },
  'billing focus': {
    about: 'Export bills in the FOCUS format.',
    run: async (argv) => (await import('./billing/focus.ts')).focus(argv),
  },
  prediction: {
    about: 'Tell which GPU or node fails next, why, and how sure that is; watch for anomalies.',
    run: async (argv) => {
      const [{ runDaemon }, { predictionDaemon }] = await Promise.all([
        import('../kit/run.ts'),
        import('../exporters/prediction/main.ts'),
      ]);
      return runDaemon(predictionDaemon, argv);
    },
  },
  'prediction backfill': {
    about: 'Read the history of a fleet from Prometheus, to learn from it.',
    run: async (argv) => (await import('./prediction/backfill.ts')).backfill(argv),
  },
  'prediction train': {
    about: 'Make the models that predict failures, and put them into use.',
    run: async (argv) => (await import('./prediction/train.ts')).train(argv),
  },
  'prediction evaluate': {
    about: 'Tell how well failures of a fleet can be foreseen.',
    run: async (argv) => (await import('./prediction/evaluate.ts')).evaluate(argv),
  },
  'prediction score': {
    about: 'List who is most likely to fail.',
    run: async (argv) => (await import('./prediction/score.ts')).score(argv),
  },
  'prediction explain': {
    about: 'Tell why a GPU or node is likely to fail.',
    run: async (argv) => (await import('./prediction/explain.ts')).explain(argv),
  },
  'prediction card': {
    about: 'Print the model card.',
    run: async (argv) => (await import('./prediction/card.ts')).card(argv),
  },
  'prediction simulate': {
    about: 'Write the history of a made-up fleet whose failures are known, to try the others on.',
    run: async (argv) => (await import('./prediction/simulate.ts')).simulate(argv),
  },
  'store backup': {
    about: 'Write the state of a daemon into a file.',
    run: async (argv) => (await import('./store/store-backup.ts')).storeBackup(argv),
  },
  'store restore': {
    about: 'Put a backup into the embedded database or into PostgreSQL.',
    run: async (argv) => (await import('./store/store-restore.ts')).storeRestore(argv),
  },
  'rules list': {
    about: 'List the alerts with the thresholds in force.',
    run: async (argv) => (await import('./rules/list.ts')).list(argv),
  },
  'rules explain': {
    about: 'Tell all about an alert: what it means, what to do, who is told.',
    run: async (argv) => (await import('./rules/explain.ts')).explain(argv),
  },
  'rules lint': {
    about: 'Check rules: ours with your overrides, or files of yours.',
    run: async (argv) => (await import('./rules/lint.ts')).lint(argv),
  },
  'rules test': {
    about: 'Have promtool check the rules with your overrides and run their examples.',
    run: async (argv) => (await import('./rules/test.ts')).test(argv),
  },
  'alerts report': {
    about: 'Tell which alerts make noise, and what would make them quieter.',
    run: async (argv) => (await import('./alerts/report/command.ts')).alertsReport(argv),
  },
  'alerts route': {
    about: 'Tell who is told of an alert, and why, by a site file.',
    run: async (argv) => (await import('./alerts/route/command.ts')).alertsRoute(argv),
  },
  bridge: {
    about: 'Tell robots of DingTalk, Feishu, WeCom, Teams and others what Alertmanager sends.',
    run: async (argv) => {
      const [{ runDaemon }, { bridgeDaemon }] = await Promise.all([
        import('../kit/run.ts'),
        import('../alertmanager/bridge/main.ts'),
      ]);
      return runDaemon(bridgeDaemon, argv);
    },
  },
  'bridge send-test': {
    about: 'Send a sample alert to a robot of the bridge, or show what would be sent.',
    run: async (argv) => (await import('./bridge/send-test.ts')).sendTest(argv),
  },
  preview: {
    about: 'Show the Grafana app and the boards in a browser, without Grafana.',
    run: async (argv) => (await import('./preview/preview.ts')).preview(argv),
  },
  generate: {
    about: 'Write rules, Alertmanager configuration and dashboards into a folder.',
    run: async (argv) => (await import('./generate/generate.ts')).generate(argv),
  },
};

/** Runs `fleetlens <command> …`. Resolves with the exit status. */
export async function main([name, ...argv]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') return print(usage(Object.keys(commands)));
  if (name === '--version') return print(`fleetlens ${version}\n`);
  const [second, ...rest] = argv;
  const ofTwoWords = commandNamed(`${name} ${second}`);
  if (ofTwoWords !== undefined) return ofTwoWords.run(rest);
  const names = Object.keys(commands);
  const others = names.filter((each) => each.startsWith(`${name} `));
  // A daemon takes options alone, so a word behind it is meant to be one of these.
  if (second !== undefined && /^[a-z]/.test(second) && others.length > 0) return refuse(`${name} ${second}`, others);
  const command = commandNamed(name);
  if (command !== undefined) return command.run(argv);
  if (others.length > 0 && second === '--help') return print(usage(others));
  if (others.length > 0 && second === undefined) {
    process.stderr.write(usage(others));
    return 2;
  }
  return refuse(name, names);
}

function refuse(name: string, known: readonly string[]): number {
  const candidate = nearest(name, known);
  const hint = candidate === undefined ? 'see fleetlens --help' : `did you mean ${candidate}?`;
  process.stderr.write(`fleetlens: unknown command "${name.slice(0, 100)}"; ${hint}\n`);
  return 2;
}

function commandNamed(name: string): Command | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

function usage(names: readonly string[]): string {
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)} ${commands[name]?.about}`);
  return `Usage: fleetlens <command> [--option=value …]

Prometheus and Grafana bundle for GPU clusters.

Commands:
${lines.join('\n')}

fleetlens <command> --help tells its options.
`;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
