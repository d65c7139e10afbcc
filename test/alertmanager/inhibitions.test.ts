import { deliveryAlerts, heartbeatAlert, infoInhibitor } from '../../alertmanager/alert-names.ts';
import { type Inhibition, inhibitions, inhibitRule } from '../../alertmanager/inhibitions.ts';
import type { Selector } from '../../alertmanager/matchers.ts';
import { renderAlertmanager } from '../../alertmanager/render.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import {
  type Labels,
  listAlerts,
  type RunningAlertmanager,
  sendAlerts,
  startAlertmanager,
} from '../support/alertmanager.ts';
import { templatesDir } from '../support/alertmanager-templates.ts';
import { eventually } from '../support/eventually.ts';

const shipped = new Map(alertThemes.flatMap(({ alerts }) => alerts.map((alert) => [alert.name as string, alert])));
const place = {
  node: 'n1',
  uuid: 'GPU-1',
  job: 'fleetlens-gpu',
  instance: 'n1:9400',
  run: 'llama-8b',
  job_id: '4711',
  engine_kind: 'vllm',
  model_name: 'llama-8b',
  tenant: 'search',
  slo: 'availability',
  source: 'netbox',
  budget: 'search-monthly',
  namespace: 'vision',
  persistentvolumeclaim: 'checkpoints',
  device: 'mlx5_0',
  port: '1',
  mountpoint: '/',
  rule_group: 'gpu-lost',
  alertname: 'OfOneName',
};
/** Compared, and yet not asked for: both sides may lack them. */
const mayBeAbsent = ['cluster', 'job_id', 'alertname'];

const rows = inhibitions.map((row, index) => ({ row, title: `row ${index + 1}: ${titleOf(row)}` }));

describe('the table of inhibitions', () => {
  test.each(rows)('$title names alerts that ship, with the labels that are compared', ({ row }) => {
    for (const side of [row.source, row.target]) {
      for (const name of valuesOf(side, 'alertname').filter((each) => each !== infoInhibitor)) {
        const example = shipped.get(name)?.fires.alerts[0];
        expect({ name, labels: example }).toMatchObject({ name, labels: expect.anything() });
        expect(Object.keys({ ...example, alertname: name })).toEqual(expect.arrayContaining([...row.equal]));
      }
    }
  });

  test.each(rows)('$title silences no alert of its own sources, no heartbeat and no delivery alert', ({ row }) => {
    const targets = valuesOf(row.target, 'alertname');
    const untouchable = [...valuesOf(row.source, 'alertname'), heartbeatAlert, ...deliveryAlerts];
    expect(targets.filter((name) => untouchable.includes(name))).toEqual([]);
  });

  test.each(rows)('$title asks on both sides for what it compares', ({ row }) => {
    const rule = inhibitRule(row);
    for (const label of row.equal.filter((name) => !mayBeAbsent.includes(name))) {
      expect(rule.source_matchers).toContain(`${label}!=""`);
      expect(rule.target_matchers).toContain(`${label}!=""`);
    }
  });

  test('every theme about single GPUs is either silenced by a lost GPU or known to speak besides', () => {
    const speakBesides = ['gpu-lost', 'gpu-xid', 'gpu-memory', 'gpu-recovery'];
    const silenced = inhibitions.flatMap(({ source, target }) =>
      valuesOf(source, 'alertname').includes('GpuLost') ? valuesOf(target, 'alertname') : [],
    );
    for (const { theme, alerts } of alertThemes) {
      const ofGpus = alerts.filter(({ fires }) => fires.alerts.some((labels) => 'uuid' in labels));
      const free = ofGpus.map(({ name }) => name).filter((name) => !silenced.includes(name));
      expect({ theme, free: speakBesides.includes(theme) ? [] : free }).toEqual({ theme, free: [] });
    }
  });
});

describe('in a running Alertmanager', () => {
  let alertmanager: RunningAlertmanager;

  beforeAll(async () => {
    const site = { receivers: { default: [{ webhook: { url: 'http://127.0.0.1:9/' } }] } } as const;
    alertmanager = await startAlertmanager({ config: renderAlertmanager(site, { templatesDir }) });
  });
  afterAll(() => alertmanager.stop());

  /** A source and a target. Every question is asked in a cluster of its own, so that answers do not mix. */
  interface Question {
    readonly cluster: string;
    readonly source: Labels;
    readonly target: Labels;
  }

  async function send(...questions: readonly Question[]): Promise<void> {
    const alerts = questions.flatMap(({ cluster, source, target }) => [
      { labels: { ...source, cluster } },
      { labels: { ...target, cluster } },
    ]);
    await sendAlerts(alertmanager.url, alerts);
  }

  /** Those of the questions whose target is not silenced. */
  async function heardOf(questions: readonly Question[]): Promise<readonly Question[]> {
    const listed = await listAlerts(alertmanager.url);
    return questions.filter(({ cluster, target }) => {
      const asked = listed.find(
        ({ labels }) => labels['cluster'] === cluster && isSame(labels, { ...target, cluster }),
      );
      if (asked === undefined) throw new Error(`${JSON.stringify(target)} is not listed`);
      return asked.status.inhibitedBy.length === 0;
    });
  }

  /** Sent and asked together, because Alertmanager judges all of its alerts whenever it lists them. */
  async function expectAllSilenced(questions: readonly Question[]): Promise<void> {
    await send(...questions);
    let heard = questions;
    await eventually(`${JSON.stringify(questions[0])} and what is asked with it to be silenced`, async () => {
      heard = await heardOf(questions);
      return heard.length === 0 ? true : undefined;
    }).catch(() => undefined);
    expect(heard).toEqual([]);
  }

  /** The inhibitor takes alerts in the order in which they came, so it has seen the sources once a later one works. */
  async function expectAllHeard(questions: readonly Question[]): Promise<void> {
    if (questions.length === 0) return;
    await send(...questions);
    const [source = {}, target = {}] = pairs(inhibitions[0])[0] ?? [];
    await expectAllSilenced([{ cluster: `${questions[0]?.cluster}, later`, source, target }]);
    expect(await heardOf(questions)).toEqual(questions);
  }

  const expectSilenced = (cluster: string, source: Labels, target: Labels): Promise<void> =>
    expectAllSilenced([{ cluster, source, target }]);
  const expectHeard = (cluster: string, source: Labels, target: Labels): Promise<void> =>
    expectAllHeard([{ cluster, source, target }]);

  test('each row works for every pair', async () => {
    const questions = rows.flatMap(({ row, title }) =>
      pairs(row).map(([source, target], index) => ({ cluster: `${title} ${index}`, source, target })),
    );
    expect(questions.length).toBeGreaterThan(rows.length);
    await expectAllSilenced(questions);
  });

  test('each row leaves alone what differs or lacks what is compared', async () => {
    await expectAllHeard(
      rows.flatMap(({ row, title }) => {
        const [source = {}, target = {}] = pairs(row)[0] ?? [];
        const compared = row.equal.filter((name) => !['cluster', 'alertname'].includes(name) && !(name in row.target));
        return compared.flatMap((label) => {
          const other = { cluster: `${title}, other ${label}`, source, target: { ...target, [label]: 'another' } };
          if (hasRowWithout(row, label) || mayBeAbsent.includes(label)) return [other];
          const cluster = `${title}, no ${label}`;
          return [other, { cluster, source: without(source, label), target: without(target, label) }];
        });
      }),
    );
  });

  test('a run without a job silences its own alerts, and those of no other run', async () => {
    const stalled = { alertname: 'TrainingStalled', run: 'one' };
    await expectSilenced('no job', stalled, { alertname: 'TrainingMfuLow', run: 'one' });
    await expectHeard('no job, other run', stalled, { alertname: 'TrainingMfuLow', run: 'two' });
    await expectHeard('no job and one', stalled, { alertname: 'TrainingMfuLow', run: 'one', job_id: '4711' });
  });

  test('a model that misses one objective is heard of for another, and of its errors unless these are the objective', async () => {
    const late = { alertname: 'InferenceErrorBudgetBurnFast', model_name: 'one', slo: 'ttft' };
    await expectHeard('other objective', late, { ...late, alertname: 'InferenceErrorBudgetBurnSlow', slo: 'tpot' });
    await expectHeard('late and failing', late, { alertname: 'InferenceErrorsHigh', model_name: 'one' });
  });

  test('a tenant without budget is heard of when another limit rejects it', async () => {
    const spent = { alertname: 'TenantTokenBudgetBurn', tenant: 'search' };
    await expectHeard('other limit', spent, {
      alertname: 'TenantRateLimited',
      tenant: 'search',
      reason: 'concurrency',
    });
  });

  test('under maintenance every alert about the node is held back, whatever its severity, and no other', async () => {
    const works = { alertname: 'NodeMaintenance', severity: 'none', node: 'n1' };
    await expectSilenced('critical', works, { alertname: 'HardwareHealthCritical', severity: 'critical', node: 'n1' });
    await expectSilenced('of a GPU', works, { ...place, alertname: 'GpuLost', severity: 'critical' });
    await expectHeard('other node', works, { alertname: 'GpuLost', severity: 'critical', node: 'n2', uuid: 'GPU-1' });
    await expectHeard('no node', works, { alertname: 'InferenceErrorsHigh', severity: 'critical', model_name: 'm' });
    await expectHeard('no node at all', { ...works, node: '' }, { alertname: 'CmdbStoreDown', severity: 'critical' });
    await expectHeard('heartbeat', works, { alertname: heartbeatAlert, node: 'n1' });
  });

  test('without its node a GPU is not told of, but a run that spans it and the machines beside it are', async () => {
    const gone = { alertname: 'NodeDown', severity: 'critical', node: 'n1' };
    await expectSilenced('GPU', gone, { ...place, alertname: 'GpuLost', domain: 'gpu', severity: 'critical' });
    await expectHeard('run', gone, {
      alertname: 'TrainingStalled',
      domain: 'training',
      run: 'one',
      severity: 'critical',
    });
    await expectHeard('neighbour', gone, { alertname: 'GpuLost', domain: 'gpu', node: 'n2', uuid: 'GPU-2' });
    await expectHeard('its disk', gone, { alertname: 'NodeRaidDegraded', domain: 'platform', node: 'n1' });
    await expectHeard('no node', { ...gone, node: '' }, { alertname: 'TrainingStalled', domain: 'training' });
  });

  test('drift of another aspect is heard of although GPUs are missing', async () => {
    const drift = { alertname: 'CmdbDrift', aspect: 'serial', node: 'n1' };
    await expectHeard('other aspect', { alertname: 'GpuFewerThanExpected', node: 'n1' }, drift);
  });

  test('without upstreams a slow engine is still heard of', async () => {
    const out = { alertname: 'InferenceAllUpstreamsDown' };
    await expectHeard('slow engine', out, { alertname: 'InferenceTtftHigh', engine_kind: 'vllm', model_name: 'one' });
  });

  test('a fleet event stands for the alert that it folds, and for no other one or cluster', async () => {
    const hot = { alertname: 'GpuFleetEvent', folded: 'GpuTemperatureHigh' };
    await expectHeard('other alert', hot, { ...place, alertname: 'GpuTemperatureCritical' });
    await expectHeard('the event itself', hot, { alertname: 'GpuFleetEvent', folded: 'GpuXidNodeReboot' });
    await send({ cluster: 'hot cluster', source: hot, target: { ...place, alertname: 'GpuTemperatureHigh' } });
    await expectHeard('cool cluster', {}, { ...place, alertname: 'GpuTemperatureHigh' });
  });

  test('an impossible temperature leaves alerts on power alone', async () => {
    const wrong = { ...place, alertname: 'GpuReadingImpossible', signal: 'temperature' };
    await expectHeard('power', wrong, { ...place, alertname: 'GpuPowerAboveLimit' });
  });

  test('an info is heard in a namespace in which something worse fires, and where there is no namespace', async () => {
    const inhibitor = { alertname: infoInhibitor, severity: 'none', namespace: 'jobs' };
    const info = { alertname: 'GpuPowerCapped', severity: 'info', node: 'n1' };
    await expectHeard('no namespace', inhibitor, info);
    await expectHeard('neither has one', { ...inhibitor, namespace: '' }, info);
    await expectHeard('warning', inhibitor, { ...info, severity: 'warning', namespace: 'jobs' });
  });

  test('a lower severity is heard if it is of another alert', async () => {
    const critical = { ...place, alertname: 'One', severity: 'critical' };
    await expectHeard('other name', critical, { ...critical, alertname: 'Other', severity: 'warning' });
  });

  test.each(deliveryAlerts)('%s is heard although a worse one of its name fires', async (alertname) => {
    const critical = { ...place, alertname, severity: 'critical' };
    await expectHeard(alertname, critical, { ...critical, severity: 'warning' });
  });

  test('a critical alert of a cluster leaves an unrelated warning of the cluster alone', async () => {
    const critical = { alertname: 'ExporterAbsent', severity: 'critical' };
    await expectHeard('cluster-wide', critical, { alertname: 'RuleEvaluationSlow', severity: 'warning' });
  });
});

function titleOf({ source, target, equal }: Inhibition): string {
  const side = (selector: Selector): string => Object.values(selector).flat().slice(0, 2).join(', ');
  return `${side(source)} over ${side(target)} by ${equal.join(', ')}`;
}

function valuesOf(selector: Selector, label: string): readonly string[] {
  return [selector[label] ?? []].flat();
}

/** Another row is about the same alerts where they lack the label. */
function hasRowWithout({ source, target }: Inhibition, label: string): boolean {
  return inhibitions.some(
    (other) => other.source === source && other.target === target && other.without?.some((gone) => gone === label),
  );
}

/** Every source with every target, at the same place. */
function pairs(row: Inhibition | undefined): [Labels, Labels][] {
  if (row === undefined) return [];
  const there = (row.without ?? []).reduce<Labels>(without, place);
  return everyChoice(row.source).flatMap((source) =>
    everyChoice(row.target).map((target): [Labels, Labels] => [
      { ...there, ...source },
      { ...there, ...target },
    ]),
  );
}

function everyChoice(selector: Selector): Labels[] {
  let choices: Labels[] = [{}];
  for (const [label, values] of Object.entries(selector)) {
    choices = choices.flatMap((choice) => [values].flat().map((value) => ({ ...choice, [label]: value })));
  }
  return choices;
}

function without(labels: Labels, gone: string): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== gone));
}

function isSame(one: Labels, other: Labels): boolean {
  const names = Object.keys({ ...one, ...other });
  return names.every((name) => one[name] === other[name]);
}
