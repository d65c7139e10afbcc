import { readFileSync } from 'node:fs';
import { actions } from '../../rules/alert.ts';
import { templatesPath } from '../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../support/amtool.ts';

interface Group {
  readonly status?: 'firing' | 'resolved';
  readonly firing?: number;
  readonly resolved?: number;
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly context?: string;
}

const hot = {
  alertname: 'GpuTemperatureHigh',
  node: 'node-7',
  cluster: 'berlin',
  severity: 'warning',
  action: 'drain',
};
const said = {
  summary: 'A GPU is close to its limit.',
  runbook_url: 'https://docs.example.com/GpuTemperatureHigh.md',
  dashboard_url: 'https://grafana.example.com/d/x?var-node=node-7&var-gpu=0',
};

function group({
  status = 'firing',
  firing = 1,
  resolved = 0,
  commonLabels = hot,
  commonAnnotations = said,
  description = 'Look at the fans.',
  context,
}: Group): unknown {
  const alert = (state: string, index: number) => ({
    status: state,
    labels: { ...hot, gpu_id: String(index), uuid: `GPU-${state}-${index}` },
    annotations: { ...said, description, ...(context !== undefined && { context }) },
    startsAt: '2026-02-03T10:11:12Z',
  });
  return {
    status,
    externalURL: 'http://am.example:9093',
    groupLabels: { alertname: 'GpuTemperatureHigh', cluster: 'berlin' },
    commonLabels,
    commonAnnotations,
    alerts: [
      ...Array.from({ length: firing }, (_, index) => alert('firing', index)),
      ...Array.from({ length: resolved }, (_, index) => alert('resolved', index)),
    ],
  };
}

function rendered(name: string, content: Group, type: 'text' | 'html' = 'text'): string {
  return asJsonFile(group(content), (file) => render(`{{ template "fleetlens.${name}" . }}`, type, file));
}

function render(text: string, type: 'text' | 'html', dataFile: string): string {
  return amtool(
    'template',
    'render',
    `--template.glob=${templatesPath}`,
    `--template.type=${type}`,
    `--template.data=${dataFile}`,
    `--template.text=${text}`,
  );
}

describe('the title', () => {
  test.each<[string, Group]>([
    ['[FIRING:2] GpuTemperatureHigh node-7', { firing: 2 }],
    ['[FIRING:2] GpuTemperatureHigh node-7', { firing: 2, resolved: 3 }],
    ['[RESOLVED:3] GpuTemperatureHigh node-7', { status: 'resolved', firing: 0, resolved: 3 }],
    ['[FIRING:1] GpuTemperatureHigh berlin', { commonLabels: { alertname: 'GpuTemperatureHigh', cluster: 'berlin' } }],
    ['[FIRING:2] GpuTemperatureHigh and others node-7', { firing: 2, commonLabels: { node: 'node-7' } }],
    ['[FIRING:1] GpuTemperatureHigh', { commonLabels: { alertname: 'GpuTemperatureHigh' } }],
    [
      '[FIRING:1] TrainingStalled llama-8b',
      { commonLabels: { alertname: 'TrainingStalled', cluster: 'berlin', run: 'llama-8b' } },
    ],
    [
      '[FIRING:1] InferenceTtftHigh qwen-72b',
      { commonLabels: { alertname: 'InferenceTtftHigh', cluster: 'berlin', model_name: 'qwen-72b' } },
    ],
    [
      '[FIRING:1] TenantRateLimited search',
      { commonLabels: { alertname: 'TenantRateLimited', cluster: 'berlin', tenant: 'search' } },
    ],
  ])('%s', (title, content) => {
    expect(rendered('title', content)).toBe(title);
    expect(rendered('slack.title', content)).toBe(title);
  });
});

describe('where', () => {
  test.each([
    [{ cluster: 'berlin', run: 'llama-8b' }, 'cluster berlin · run llama-8b'],
    [{ cluster: 'berlin', run: 'llama-8b', rank: '17' }, 'cluster berlin · run llama-8b · rank 17'],
    [{ cluster: 'berlin', node: 'node-7', gpu_id: '3' }, 'node-7 · GPU 3'],
    [{ cluster: 'berlin', engine_kind: 'vllm', model_name: 'm' }, 'cluster berlin · vllm · model m'],
    [{ cluster: 'berlin', model_name: 'm', slo: 'ttft' }, 'cluster berlin · model m · objective ttft'],
    [{ cluster: 'berlin', tenant: 'search' }, 'cluster berlin · tenant search'],
    [{ cluster: 'berlin', upstream: 'chat-a' }, 'cluster berlin · upstream chat-a'],
    [{ cluster: 'berlin', engine: 'e', engine_kind: 'ollama' }, 'cluster berlin · ollama · engine e'],
  ])('%j is %s', (labels, words) => {
    for (const name of ['fleetlens.where', 'fleetlens.slack.where']) {
      const text = `{{ template "${name}" .CommonLabels }}`;
      expect(asJsonFile({ commonLabels: labels }, (file) => render(text, 'text', file))).toBe(words);
    }
  });
});

describe('the action', () => {
  test.each(actions)('%s is put into words', (action) => {
    const words = asJsonFile({}, (file) => render(`{{ template "fleetlens.action" "${action}" }}`, 'text', file));
    expect(words).toMatch(/^[A-Z][^_]+\.$/);
  });

  test('an action that is unknown is shown as it is', () => {
    expect(asJsonFile({}, (file) => render('{{ template "fleetlens.action" "dance" }}', 'text', file))).toBe('dance');
  });
});

const bodies = [
  ['text', 'text'],
  ['slack.text', 'text'],
  ['email.html', 'html'],
] as const;

describe.each(bodies)('the body %s', (name, type) => {
  test('says what, where, what to do and where to read on', () => {
    const body = rendered(name, { firing: 1, resolved: 1 }, type);
    expect(body).toContain('A GPU is close to its limit.');
    expect(body).toContain('node-7 · GPU 0');
    expect(body).toContain('Drain the node, so that no new work lands on it.');
    expect(body).toContain('2026-02-03 10:11 UTC');
    expect(body).toContain('https://docs.example.com/GpuTemperatureHigh.md');
    expect(body).toContain('https://grafana.example.com/d/x?var-node=node-7&');
    expect(body).toContain(
      'http://am.example:9093/#/silences/new?filter=%7Balertname%3D%22GpuTemperatureHigh%22%2Ccluster%3D%22berlin%22%7D',
    );
    expect(body).not.toContain('<no value>');
  });

  test('says with each alert where it is and whose, if the inventory knows', () => {
    const context = 'Server node-7, rack r07, owner <b>ml</b>';
    const body = rendered(name, { firing: 2, context }, type);
    expect(body.split('Server node-7, rack r07, owner')).toHaveLength(3);
    if (name !== 'text') expect(body).not.toContain('<b>ml');
    expect(rendered(name, { firing: 1, context: '' }, type)).toBe(rendered(name, { firing: 1 }, type));
  });

  test('says once what is common', () => {
    expect(rendered(name, { firing: 3 }, type).split('A GPU is close to its limit.')).toHaveLength(2);
    expect(rendered(name, { firing: 3 }, type).split('Drain the node')).toHaveLength(2);
  });

  test('says with each alert what differs', () => {
    const body = rendered(name, { firing: 3, commonLabels: { node: 'node-7' }, commonAnnotations: {} }, type);
    expect(body.split('A GPU is close to its limit.')).toHaveLength(4);
    expect(body.split('Drain the node')).toHaveLength(4);
    expect(body.split('GpuTemperatureHigh.md')).toHaveLength(4);
    expect(body.split('var-gpu=0')).toHaveLength(4);
  });

  test('shows five alerts and says how many there are', () => {
    const body = rendered(name, { firing: 7, resolved: 6 }, type);
    expect(body).toContain('GPU 4');
    expect(body).not.toContain('GPU 5');
    expect(body).toContain('The first 5 of 7 firing alerts.');
    expect(body).toContain('The first 5 of 6 alerts that are over.');
    expect(rendered(name, { firing: 5 }, type)).not.toContain('The first');
  });

  test('does without any label or annotation', () => {
    const body = rendered(
      name,
      { firing: 0, resolved: 1, status: 'resolved', commonLabels: {}, commonAnnotations: {} },
      type,
    );
    expect(body).not.toContain('<no value>');
    expect(body).toContain('node-7');
  });
});

describe('text from labels and annotations', () => {
  test('cannot call everybody in Slack', () => {
    const body = rendered('slack.text', { description: '<!channel> & <https://evil.example|click>' });
    expect(body).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;');
  });

  test('cannot be markup in mail', () => {
    const body = rendered('email.html', { description: '<script>alert(1)</script>' }, 'html');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    const link = rendered('email.html', { commonAnnotations: { runbook_url: 'javascript:alert(1)' } }, 'html');
    expect(link).not.toContain('javascript:');
  });
});

test('the title of the mail shows the colour of its severity', () => {
  const colourOf = (content: Group): string => rendered('colour', content);
  expect(colourOf({ commonLabels: { severity: 'critical' } })).toBe('#b3261e');
  expect(colourOf({ commonLabels: { severity: 'warning' } })).toBe('#a15c00');
  expect(colourOf({ commonLabels: {} })).toBe('#b3261e');
  expect(colourOf({ status: 'resolved', firing: 0, resolved: 1, commonLabels: { severity: 'critical' } })).toBe(
    '#2e7d46',
  );
});

test('no line of the template file is longer than mail may be', () => {
  const longest = Math.max(
    ...readFileSync(templatesPath, 'utf8')
      .split('\n')
      .map((line) => line.length),
  );
  expect(longest).toBeLessThan(998);
});
