import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, losses, newFolder, nowSeconds, optionsOf, removeFolders, textOf, write } from './inspection.ts';

afterAll(removeFolders);

const some = losses([3, 2, 1]);

test('one event file', async () => {
  const folder = newFolder();
  const path = write(join(folder, 'events.out.tfevents.1700000000.node-7.41.0'), some);
  const report = await inspect(path);
  expect(report).toMatchObject({ is: 'file', patterns: [path], command: `fleetlens training --runs.paths=${path}` });
  expect(report.runs[0]).toMatchObject({ host: 'node-7', steps: { first: 0, last: 2 } });
});

test('one log, whatever its name', async () => {
  const folder = newFolder();
  const path = write(join(folder, 'my run'), " 1/9 [00:01<00:09]\n{'loss': 2.5, 'grad_norm': 1.0, 'epoch': 0.1}\n");
  const report = await inspect(path);
  expect(report.runs[0]).toMatchObject({ framework: 'huggingface' });
  expect(report.command).toBe(`fleetlens training --runs.paths='${path}'`);
});

test('one rank log', async () => {
  const line = JSON.stringify({ log_type_name: 'fwd_bwd_end', value: 1500, step: 3, rank: 0, time_us: 1.7e15 });
  const path = write(join(newFolder(), 'trainer.global_rank_0.20260101-x.jsonl'), `${line}\n`);
  const report = await inspect(path);
  expect(report.runs[0]).toMatchObject({
    framework: 'torchtitan',
    ranks: 1,
    sources: [{ kind: 'rank_logs', records: 1 }],
  });
});

test('a trainer_state.json tells the losses of all its steps', async () => {
  const state = { global_step: 20, max_steps: 40, log_history: [] as object[] };
  state.log_history = [
    { step: 10, loss: 3, epoch: 1 },
    { step: 20, loss: '2.5', epoch: 2 },
    { step: 20, eval_loss: Number.NaN },
  ];
  const json = JSON.stringify(state).replace('"eval_loss":null', '"eval_loss":NaN');
  const report = await inspect(write(join(newFolder(), 'checkpoint-20', 'trainer_state.json'), json));
  expect(report.runs[0]?.plot.loss.map(({ step, last }) => [step, last])).toEqual([
    [10, 3],
    [20, 2.5],
  ]);
  expect(report.runs[0]?.plot.evalLoss).toMatchObject([{ step: 20, nonfinite: 1 }]);
  expect(report.runs[0]?.steps).toMatchObject({ last: 20, max: 40 });
});

test('runs are shown from the one that was written last on, and the others are named', async () => {
  const folder = newFolder();
  for (const number of [1, 2, 3, 4])
    write(join(folder, `run-${number}`, 'events.out.tfevents.1'), some, nowSeconds - 100 * number);
  const report = await inspect(folder, optionsOf('--runs.shown=2'));
  expect(report.runs.map(({ run }) => run)).toEqual(['run-1', 'run-2']);
  expect(report.others.map(({ run }) => run)).toEqual(['run-3', 'run-4']);
  expect(textOf(report, folder)).toContain('It has 4 runs; shown are the 2 written last.');
});

test('a run with folders that look like runs says how to have them apart', async () => {
  const folder = newFolder();
  write(join(folder, 'train.log'), 'nothing\n');
  for (const name of ['a', 'b']) write(join(folder, name, 'events.out.tfevents.1'), some);
  const report = await inspect(folder);
  expect(report).toMatchObject({ is: 'run', runFolders: ['a', 'b'] });
  expect(report.advice.join()).toContain(`fleetlens training inspect '${folder}/*'`);
  const apart = await inspect(`${folder}/*`);
  expect(apart.runs.map(({ run }) => run).sort()).toEqual(['a', 'b']);
});

test('runs inside a run that a pattern matches keep their files for themselves', async () => {
  const folder = newFolder();
  write(join(folder, 'a', 'events.out.tfevents.1'), losses([5]));
  write(join(folder, 'a', 'b', 'events.out.tfevents.1'), losses([7]));
  const report = await inspect(`${folder}/**`);
  const byRun = new Map(report.runs.map(({ run, files, plot }) => [run, [files, plot.loss[0]?.values]]));
  expect(byRun).toEqual(
    new Map([
      ['a', [1, 1]],
      ['a/b', [1, 1]],
    ]),
  );
});

test('names that a pattern or a shell would take for something else', async () => {
  const folder = newFolder();
  write(join(folder, "it's [x], *", 'events.out.tfevents.1'), some);
  const report = await inspect(join(folder, "it's [x], *"));
  expect(report.runs).toHaveLength(1);
  expect(report.command).toBe(`fleetlens training --runs.paths='${folder}/it'\\''s \\[x\\]? \\*'`);
  const again = await inspect(undefined, optionsOf(`--runs.paths=${folder}/it's \\[x\\]? \\*`));
  expect(again.runs).toHaveLength(1);
});

test('a run that is too old for the exporter comes with the option that has it shown', async () => {
  const folder = newFolder();
  write(join(folder, 'events.out.tfevents.1'), some, nowSeconds - 5 * 86_400);
  const report = await inspect(folder);
  expect(report.runs[0]).toMatchObject({ phase: 'ended' });
  expect(report.command).toBe(`fleetlens training --runs.paths=${folder} --runs.retention=6d`);
});

test('options that matter are part of the command', async () => {
  const folder = newFolder();
  write(join(folder, 'events.out.tfevents.1'), some);
  const report = await inspect(folder, optionsOf('--runs.depth=2', '--logs.names=*.txt,a b'));
  expect(report.command).toBe(`fleetlens training --runs.paths=${folder} --runs.depth=2 --logs.names='*.txt,a b'`);
});

test('a folder without permission is named', async () => {
  const folder = newFolder();
  write(join(folder, 'ok', 'events.out.tfevents.1'), some);
  mkdirSync(join(folder, 'secret'));
  const { diskFileSystem } = await import('../../../exporters/training/sources/files/file-system.ts');
  const report = await inspect(folder, optionsOf(), {
    fs: {
      list: async (path, size, limit) => {
        if (path.endsWith('/secret')) throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
        return diskFileSystem.list(path, size, limit);
      },
    },
  });
  expect(report.runs).toHaveLength(1);
  expect(report.unreadPaths).toEqual([{ path: join(folder, 'secret'), reason: 'EACCES: permission denied' }]);
});

describe('nothing', () => {
  test('a path that is not there is compared with its neighbours', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'llama'));
    const report = await inspect(join(folder, 'lama'));
    expect(report).toMatchObject({ is: 'missing', runs: [], didYouMean: 'llama', command: undefined });
    expect(textOf(report, folder)).toContain('There is no such file or folder.\n\nDid you mean llama?');
  });

  test('an empty folder says what was looked for', async () => {
    const folder = newFolder();
    const text = textOf(await inspect(folder), folder);
    expect(text).toContain('Nothing of a training was found.');
    expect(text).toContain('tfevents in the name');
  });

  test('near misses are named, the nearest first', async () => {
    const folder = newFolder();
    write(join(folder, 'requirements.txt'), 'x');
    write(join(folder, 'metrics.csv'), 'x');
    write(join(folder, 'deep', 'slurm-7.txt'), 'x');
    write(join(folder, 'train.log.gz'), 'x');
    const report = await inspect(folder);
    expect(report.nearMisses.map(({ path }) => path.slice(folder.length + 1))).toEqual([
      'train.log.gz',
      'deep/slurm-7.txt',
      'metrics.csv',
    ]);
    expect(textOf(report, folder)).toContain("--logs.names='slurm-7.txt'");
  });

  test('logs of other programs are no runs', async () => {
    const folder = newFolder();
    write(join(folder, 'web.log'), 'GET / 200\n'.repeat(1000));
    const report = await inspect(folder);
    expect(report).toMatchObject({ runs: [], silent: [{ files: 1 }] });
    expect(textOf(report, folder)).toContain('Files were read, but none tells of a training.');
  });

  test('an event file that was cut to nothing', async () => {
    const path = write(join(newFolder(), 'events.out.tfevents.1'), some);
    truncateSync(path, 0);
    expect((await inspect(path)).runs).toEqual([]);
  });
});
