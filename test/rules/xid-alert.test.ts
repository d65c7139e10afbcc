import { xidClasses, xidCodesFromStart } from '../../metrics/xid.ts';
import gpuXid from '../../rules/alerts/gpu-xid.ts';
import { alertFile } from '../../rules/render/prometheus.ts';
import { alertTests } from '../../rules/render/promtool-tests.ts';
import { appeared, counted, heldAfterwards, otherCode, over, seenAgainAfterGap } from '../../rules/xid-alert.ts';
import { ruleFolder } from './rule-files.ts';

const folder = ruleFolder();
afterAll(() => folder.remove());

const codeOf: Readonly<Record<string, string>> = {
  GpuXidNodeReboot: '151',
  GpuXidGpuReset: '62',
  GpuXidUncorrectableEcc: '172',
  GpuXidContainedMemory: '94',
  GpuXidNvlink: '149',
  GpuXidRecoveryAction: '154',
  GpuXidAppError: '13',
  GpuXidManual: '54',
  GpuXidUnclassified: '999',
};

beforeAll(() => folder.write('gpu-xid.yaml', alertFile(gpuXid, { runbookBaseUrl: 'https://x' })));

test.each(gpuXid.alerts)('$name fires in each way an error may show, and in no other', (alert) => {
  const code = codeOf[alert.name];
  if (code === undefined) throw new Error(`add a code of ${alert.name} to codeOf`);
  const situations = [
    { ...alert, fires: counted(code), quiet: over(code) },
    { ...alert, fires: appeared(code), quiet: seenAgainAfterGap(code) },
    { ...alert, fires: heldAfterwards(code), quiet: otherCode('45') },
  ];
  folder.write(
    `${alert.name}.test.yaml`,
    alertTests({ ...gpuXid, alerts: situations }, { ruleFiles: ['gpu-xid.yaml'] }),
  );
  expect(folder.promtool('test', 'rules', `${alert.name}.test.yaml`)).toEqual({
    ok: true,
    output: expect.stringContaining('SUCCESS'),
  });
});

test('each code is read by exactly one alert, or by none where it is only information', () => {
  const patterns = gpuXid.alerts.map(({ name, expr }) => {
    const [, operator, pattern] = /xid(=~|!~)"([^"]*)"/.exec(expr.promql) ?? [];
    if (pattern === undefined) throw new Error(`${name} has no matcher of xid`);
    const full = new RegExp(`^(?:${pattern})$`);
    return { name, reads: (code: string) => full.test(code) === (operator === '=~') };
  });
  const readers = (code: number) => patterns.filter(({ reads }) => reads(String(code))).map(({ name }) => name);
  const information: readonly number[] = xidClasses.ignore.codes;
  for (let code = 1; code <= 999; code += 1)
    expect([code, readers(code).length]).toEqual([code, information.includes(code) ? 0 : 1]);
  expect(readers(79)).toEqual(['GpuXidNodeReboot']);
  expect(readers(94)).toEqual(['GpuXidContainedMemory']);
  expect(readers(168)).toEqual(['GpuXidUnclassified']);
  expect(xidCodesFromStart).toEqual(expect.arrayContaining([79, 94]));
});
