import { createQuotaTroubles } from '../../../../exporters/billing/standing/quota-troubles.ts';

test('what is wrong with a quota is logged once, until it is something else or nothing', () => {
  const lines: string[] = [];
  const note =
    (level: string) =>
    (message: string, fields?: object): void =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const tell = createQuotaTroubles({ info: note('info'), warn: note('warn') });
  const result = (problem: string | undefined) => [{ quota: 'slurm', source: 'main', problem, isUp: true }];
  for (const problem of [undefined, 'no series', 'no series', 'down', undefined, undefined]) tell(result(problem));
  tell([]);
  expect(lines).toEqual([
    'warn a quota cannot be read as it should {"quota":"slurm","source":"main","problem":"no series"}',
    'warn a quota cannot be read as it should {"quota":"slurm","source":"main","problem":"down"}',
    'info a quota is read again {"quota":"slurm","source":"main"}',
  ]);
});
