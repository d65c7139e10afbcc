import { applyOverrides } from '../../../../cli/rules/overrides/apply-overrides.ts';
import { readOverrides } from '../../../../cli/rules/overrides/read-overrides.ts';
import { parseYaml } from '../../../../kit/yaml.ts';
import type { Alert, AlertTheme } from '../../../../rules/alert.ts';
import { alertThemes } from '../../../../rules/alerts/index.ts';
import { alertFile } from '../../../../rules/render/prometheus.ts';

function themesWith(text: string): readonly AlertTheme[] {
  return applyOverrides(alertThemes, readOverrides('o.yaml', parseYaml('o.yaml', text), { themes: alertThemes }));
}

function alertIn(themes: readonly AlertTheme[], name: string): Alert | undefined {
  return themes.flatMap(({ alerts }) => alerts).find((alert) => alert.name === name);
}

function changed(name: string, text: string): Alert {
  const alert = alertIn(themesWith(text), name);
  if (alert === undefined) throw new Error(`${name} is not there`);
  return alert;
}

test.each([[''], ['{}'], ['thresholds:'], ['# nothing\n'], ['alerts: {}\nthemes: {}']])(
  '%j changes nothing',
  (text) => {
    expect(themesWith(text)).toEqual(alertThemes);
  },
);

test('a threshold is set wherever it stands, and nowhere else', () => {
  const text = 'thresholds: { gpuTemperatureMarginCelsius: 8, inferenceTrafficPerMinute: 30 }';
  expect(changed('GpuTemperatureHigh', text).expr.promql).toContain(' - 8\nor\n');
  for (const name of ['InferenceTtftHigh', 'InferenceTpotHigh', 'InferenceE2eHigh', 'InferenceErrorsHigh'])
    expect(changed(name, text).expr.promql).toContain('>= 30');
  const others = (themes: readonly AlertTheme[]): unknown =>
    themes
      .flatMap(({ alerts }) => alerts)
      .filter((alert) => !/gpuTemperatureMarginCelsius|inferenceTrafficPerMinute/.test(String(alert.thresholds)));
  expect(others(themesWith(text))).toEqual(others(alertThemes));
});

test('a duration may stand for seconds', () => {
  expect(changed('MeteringGap', 'thresholds: { meteringGapSeconds: 6h }').expr.promql).toContain('> 21600');
});

test('the fields of an alert are what the site says, and its labels and annotations are added', () => {
  const text = `alerts:
  GpuTemperatureHigh:
    severity: critical
    for: 1h30m
    keep_firing_for: 10m
    team: observability
    action: drain
    labels: { pager: dc-west }
    annotations: { wiki: 'https://wiki/{{ $labels.node }}' }`;
  const themes = themesWith(text);
  const [group] = alertFile(themes.find(({ theme }) => theme === 'gpu-thermal') as AlertTheme, {
    runbookBaseUrl: 'r',
  }).groups;
  expect(group.rules[0]).toMatchObject({
    alert: 'GpuTemperatureHigh',
    for: '5400s',
    keep_firing_for: '10m',
    labels: { severity: 'critical', team: 'observability', action: 'drain', domain: 'gpu', pager: 'dc-west' },
    annotations: { wiki: 'https://wiki/{{ $labels.node }}', runbook_url: 'r/GpuTemperatureHigh.md' },
  });
});

test('what an alert keeps firing for can be taken away', () => {
  const alert = changed('GpuXidNodeReboot', 'alerts: { GpuXidNodeReboot: { keep_firing_for: 0 } }');
  expect(alert.keepFiringFor).toBeUndefined();
});

test('alerts and whole themes can be switched off, and an alert of a theme that is off stays if it says so', () => {
  const themes = themesWith(`themes: { training-trends: { disabled: true }, gpu-power: { disabled: true } }
alerts: { GpuHwSlowdown: { disabled: true }, GpuPowerCapped: { disabled: false } }`);
  expect(themes.map(({ theme }) => theme)).not.toContain('training-trends');
  expect(alertIn(themes, 'GpuHwSlowdown')).toBeUndefined();
  expect(themes.find(({ theme }) => theme === 'gpu-power')?.alerts.map(({ name }) => name)).toEqual(['GpuPowerCapped']);
});

test('an alert goes before its theme, and labels of both are kept', () => {
  const alert = changed(
    'GpuTemperatureHigh',
    `themes: { gpu-thermal: { severity: info, team: finance, labels: { a: '1', b: '1' } } }
alerts: { GpuTemperatureHigh: { severity: critical, labels: { b: '2' } } }`,
  );
  expect(alert).toMatchObject({ severity: 'critical', team: 'finance', labels: { a: '1', b: '2' } });
});

test.each([
  ['except: { node: n1 }', 'node!="n1"'],
  ['except: { node: [n1, a.b] }', 'node!~"n1|a\\\\.b"'],
  ['only: { cluster: prod }', 'cluster="prod"'],
  ['only: { node: [n1, n2] }', 'node=~"n1|n2"'],
  ['except: { node: { regex: "lab-.*" } }', 'node!~"lab-.*"'],
  ['except: { gpu_id: 0 }', 'gpu_id!="0"'],
])('%s becomes the matcher %s on what fires', (limit, matcher) => {
  const { expr } = changed('GpuThermalThrottle', `alerts: { GpuThermalThrottle: { ${limit} } }`);
  expect(expr.promql).toContain(`{reason=~"sw_thermal|hw_thermal",${matcher}}[10m]`);
});

describe('what the user can mend is told in one line', () => {
  test.each([
    ['thresholds: { gpuTemperatureMarginCelsus: 8 }', 'did you mean gpuTemperatureMarginCelsius?'],
    ['thresholds: { whatever: 8 }', 'there is no threshold "whatever"; fleetlens rules list'],
    ['thresholds: { gpuPowerCappedRatio: 90 }', 'a share from 0 to 1 (default 0.8), got 90; did you mean 0.9?'],
    ['thresholds: { gpuPowerCappedRatio: 90% }', 'got "90%"; did you mean 0.9?'],
    ['thresholds: { gpuPowerCappedRatio: "0.9" }', 'did you mean 0.9, without quotes?'],
    ['thresholds: { gpuPowerCappedRatio: -0.1 }', 'a share from 0 to 1 (default 0.8), got -0.1'],
    ['thresholds: { quotaNearlyUsedRatio: 95 }', 'a ratio from 0 to 10 (default 0.9), got 95; did you mean 0.95?'],
    ['thresholds: { gpuTemperatureHighFallbackCelsius: 185 }', 'did you mean 85, in Celsius?'],
    ['thresholds: { gpuTemperatureMarginCelsius: -5 }', 'a distance from 0 to 60 °C'],
    ['thresholds: { gpuEccCorrectableErrorsPerHour: many }', 'a number of errors per hour, 0 or more'],
    ['thresholds: { meteringGapSeconds: 0 }', 'seconds above 0, or a duration'],
    ['thresholds: { meteringGapSeconds: 3 hours }', 'got "3 hours"'],
    ['thresholds: { gpuPowerCappedRatio: .nan }', 'a share from 0 to 1'],
    ['thresholds: [1]', 'o.yaml: thresholds must be keys and values'],
    ['treshold: {}', 'unknown key treshold; it may have thresholds, themes, alerts; did you mean thresholds?'],
    [
      'alerts: { GpuTempratureHigh: {} }',
      'o.yaml: alerts: there is no alert GpuTempratureHigh; did you mean GpuTemperatureHigh?',
    ],
    ['themes: { thermal: { disabled: true } }', 'there is no theme thermal; fleetlens rules list'],
    ['alerts: { GpuLost: { severty: info } }', 'did you mean severity?'],
    ['alerts: { GpuLost: { severity: page } }', 'must be one of critical, warning, info, none'],
    ['alerts: { GpuLost: { for: 5 } }', 'must be a duration in whole seconds'],
    ['alerts: { GpuLost: { for: 500ms } }', 'must be a duration in whole seconds'],
    ['alerts: { GpuLost: { disabled: yes please } }', 'must be true or false'],
    ['alerts: { GpuLost: { labels: { severity: info } } }', 'must not set severity'],
    ['alerts: { GpuLost: { labels: { a-b: x } } }', 'a name has letters, digits and _'],
    ['alerts: { GpuLost: { labels: { v: "{{ $value }}" } } }', 'must not hold a template'],
    ['alerts: { GpuLost: { annotations: { summary: x } } }', 'must not set summary'],
    ['alerts: { GpuLost: { except: {} } }', 'labels with their values'],
    ['alerts: { GpuLost: { except: { node: { regex: "(?!a)b" } } } }', 'a regular expression that Prometheus knows'],
    ['alerts: { GpuLost: { except: { node: { regex: "(" } } } }', 'a regular expression that Prometheus knows'],
    ['alerts: { GpuLost: { except: { tenant: a } } }', 'GpuLost cannot be limited by tenant: it has no label tenant'],
    ['alerts: { ExporterAbsent: { only: { cluster: a } } }', 'ExporterAbsent cannot be limited by cluster'],
    ['thresholds: { gpuPowerCappedRatio: 1 }', 'GpuPowerCapped never fires: it asks for "> 1"'],
    ['thresholds: { collectorSuccessRatio: 0 }', 'ExporterCollectorErrors never fires: it asks for "< 0"'],
    ['thresholds: { cmdbSdFailuresCount: 0 }', 'SdFailing always fires: it asks for ">= 0"'],
    [
      'thresholds: { gpuTemperatureHighFallbackCelsius: 95 }',
      'gpuTemperatureHighFallbackCelsius must be below gpuTemperatureCriticalFallbackCelsius (92), got 95',
    ],
    ['thresholds: { sloBurnFastRatio: 5 }', 'sloBurnFastRatio must be above sloBurnMidRatio (6), got 5'],
    ['a: [', 'o.yaml:1:'],
  ])('%s', (text, message) => {
    expect(() => themesWith(text)).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: expect.stringMatching(/^[^\n]{1,300}$/) }),
    );
    expect(() => themesWith(text)).toThrow(message);
  });

  test.each([
    ['a guard of 0 asks for no traffic at all', 'thresholds: { inferenceTrafficPerMinute: 0 }'],
    [
      'both of a pair may move together',
      'thresholds: { gpuTemperatureHighFallbackCelsius: 95, gpuTemperatureCriticalFallbackCelsius: 99 }',
    ],
    ['a multiple may be above 1', 'thresholds: { gpuPowerAboveLimitRatio: 1.3 }'],
  ])('%s', (_what, text) => {
    expect(() => themesWith(text)).not.toThrow();
  });
});
