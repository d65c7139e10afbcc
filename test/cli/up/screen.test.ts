import { alertText, createScreen } from '../../../cli/up/screen.ts';

const alert = {
  status: 'firing',
  labels: { alertname: 'GpuXidNodeReboot', severity: 'critical', node: 'node-1', gpu_id: '7', action: 'restart_node' },
  annotations: {
    summary: 'Short.',
    description: 'GPU 7 reported XID 79. Drain the node and reboot it.',
    runbook_url: 'http://x/r.md',
  },
  startsAt: '2026-01-01T00:00:00Z',
  fingerprint: '1',
};
const plain = { colour: false, width: Number.POSITIVE_INFINITY };

describe('an alert', () => {
  test('says what, where, what to do, and where to read on', () => {
    const [head, ...details] = alertText(alert, plain).split('\n');
    expect(head).toMatch(/^\d\d:\d\d:\d\d {2}CRITICAL {2}GpuXidNodeReboot {2}node-1 gpu 7$/);
    expect(details.map((line) => line.trim())).toEqual([
      'GPU 7 reported XID 79. Drain the node and reboot it.',
      'action: restart_node   runbook: http://x/r.md',
    ]);
  });

  test('says where it is and whose, if the inventory knows', () => {
    const context = 'Server node-1, rack r07, owner ml-platform';
    const lines = alertText({ ...alert, annotations: { ...alert.annotations, context } }, plain).split('\n');
    expect(lines.map((line) => line.trim())).toContain(context);
    const empty = { ...alert.annotations, context: '' };
    expect(alertText({ ...alert, annotations: empty }, plain).split('\n')).toHaveLength(3);
  });

  test('about a run names it, and its rank, instead of the node of the exporter', () => {
    const labels = {
      alertname: 'TrainingStraggler',
      severity: 'warning',
      node: 'central',
      run: 'team-a/llm',
      rank: '2',
    };
    const [head] = alertText({ ...alert, labels }, plain).split('\n');
    expect(head).toMatch(/WARNING {3}TrainingStraggler {2}run team-a\/llm rank 2$/);
  });

  test.each([
    [{ model_name: 'llama-8b', engine_kind: 'proxy' }, 'model llama-8b'],
    [{ tenant: 'team-b', model_name: '' }, 'tenant team-b'],
    [{ upstream: 'vllm-a', node: 'gw-1' }, 'upstream vllm-a'],
  ])('about LLM serving names %j', (labels, place) => {
    const [head] = alertText(
      { ...alert, labels: { alertname: 'InferenceX', severity: 'warning', ...labels } },
      plain,
    ).split('\n');
    expect(head).toMatch(new RegExp(`InferenceX {2}${place}$`));
  });

  test('is broken between words where the terminal ends', () => {
    const lines = alertText(alert, { colour: false, width: 40 }).split('\n').slice(1);
    expect(lines.every((line) => line.length <= 40 && line.startsWith('          '))).toBe(true);
    expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain('Drain the node and reboot it.');
  });

  test('that is over takes one line', () => {
    expect(alertText({ ...alert, status: 'resolved' }, plain)).toMatch(/resolved {2}GpuXidNodeReboot {2}node-1 gpu 7$/);
  });

  test('of which nothing is known is still shown', () => {
    expect(alertText({ ...alert, labels: {}, annotations: {} }, plain)).toMatch(/NONE {6}alert$/);
  });
});

describe('without a terminal', () => {
  test('the status is printed when it says something new, whatever the time', () => {
    const written: string[] = [];
    const screen = createScreen({ write: (text) => written.push(text) });
    for (const line of ['00:02  1/4 up', '00:04  1/4 up', '00:06  4/4 up']) screen.status(line);
    screen.close();
    expect(written).toEqual(['00:02  1/4 up\n', '00:06  4/4 up\n']);
  });
});

describe('on a terminal', () => {
  test('the status stays below what is printed and never wraps', () => {
    const written: string[] = [];
    const screen = createScreen({ isTTY: true, columns: 30, write: (text) => written.push(text) });
    screen.status('00:02  a status line that is longer than the terminal');
    screen.print('an alert');
    expect(written[0]?.replace('\r\x1b[2K', '')).toHaveLength(29);
    expect(written[1]).toBe('\r\x1b[2Kan alert\n00:02  a status line that is ');
  });
});
