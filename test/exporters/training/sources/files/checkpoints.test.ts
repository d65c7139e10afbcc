import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunStream } from '../../../../../exporters/training/journal.ts';
import { diskFileSystem, type FileSystem } from '../../../../../exporters/training/sources/files/file-system.ts';
import { maxTrainerStateBytes } from '../../../../../exporters/training/sources/files/trainer-state-watch.ts';
import { createFileWorld, type FileWorld, type World, type WorldOptions } from './file-world.ts';

let files: FileWorld;

beforeEach(() => {
  files = createFileWorld();
});

afterEach(() => files.remove());

async function polled(options?: WorldOptions): Promise<World> {
  const world = files.start(options);
  await world.poll();
  return world;
}

/** As `step outcome`, with how long ago in seconds. */
function told({ journal }: World): readonly string[] {
  return journal.streams
    .filter(({ kind }) => kind === 'checkpoints')
    .flatMap(({ toldAs }) => toldAs('checkpoint'))
    .map(({ step, outcome, timeSeconds = Number.NaN }) => {
      const ago = Math.round(files.clock.now() - timeSeconds);
      return `${step} ${outcome} ${ago}`;
    });
}

/** A folder and all in it get the same age. */
function age(name: string, agoSeconds: number): void {
  for (const entry of readdirSync(files.path(name), { recursive: true, encoding: 'utf8' }))
    files.age(join(name, entry), agoSeconds);
  files.age(name, agoSeconds);
}

function folder(name: string, contents: readonly string[], agoSeconds: number): void {
  for (const file of contents) files.write(join(name, file), 'x');
  age(name, agoSeconds);
}

test('Hugging Face: complete by trainer_state.json, failed without it', async () => {
  folder('a/checkpoint-100', ['model.safetensors', 'trainer_state.json'], 300);
  folder('a/checkpoint-200', ['model.safetensors'], 200);
  const world = await polled();
  expect(told(world)).toEqual(['100 complete 300']);
  folder('a/checkpoint-300', ['model.safetensors', 'trainer_state.json'], 100);
  await world.poll();
  expect(told(world)).toEqual(['100 complete 300', '200 failed 200', '300 complete 100']);
  await world.poll();
  expect(told(world)).toHaveLength(3);
});

test('torchtitan: complete by .metadata', async () => {
  folder('a/checkpoint/step-10', ['__0_0.distcp', '.metadata'], 300);
  folder('a/checkpoint/step-20', ['__0_0.distcp'], 200);
  const world = await polled();
  expect(told(world)).toEqual(['10 complete 300']);
  files.write('a/checkpoint/step-20/.metadata', 'x', 50);
  await world.poll();
  expect(told(world)).toEqual(['10 complete 300', '20 complete 50']);
});

test('Megatron: complete up to the iteration in the tracker', async () => {
  folder('a/iter_0000100', ['mp_rank_00/model_optim_rng.pt'], 400);
  folder('a/iter_0000200', ['common.pt', '.metadata'], 300);
  folder('a/iter_0000250', ['half'], 280);
  folder('a/iter_0000300', ['common.pt'], 100);
  files.write('a/latest_checkpointed_iteration.txt', '200', 290);
  const world = await polled();
  expect(told(world)).toEqual(['100 complete 400', '200 complete 290']);
  files.write('a/latest_checkpointed_iteration.txt', '300', 90);
  await world.poll();
  expect(told(world).slice(2)).toEqual(['250 failed 280', '300 complete 90']);
});

test('Megatron: a tracker counts without the folder too, and `release` is no iteration', async () => {
  files.write('a/latest_checkpointed_iteration.txt', '500\n', 50);
  files.write('b/latest_checkpointed_iteration.txt', 'release', 50);
  expect(told(await polled())).toEqual(['500 complete 50']);
});

test('DeepSpeed: complete by `latest`', async () => {
  folder('a/ds/global_step10', ['mp_rank_00_model_states.pt'], 300);
  folder('a/ds/global_step20', ['mp_rank_00_model_states.pt'], 200);
  files.write('a/ds/latest', 'global_step20', 190);
  expect(told(await polled())).toEqual(['10 complete 300', '20 complete 190']);
});

test('DeepSpeed inside a checkpoint of Hugging Face is the same checkpoint', async () => {
  files.write('a/checkpoint-20/latest', 'global_step20');
  folder('a/checkpoint-20/global_step20', ['mp_rank_00_model_states.pt'], 100);
  folder('a/checkpoint-20', ['trainer_state.json'], 100);
  expect(told(await polled())).toEqual(['20 complete 100']);
});

test('Lightning: a file with its step, when it is quiet', async () => {
  files.write('a/version_0/checkpoints/epoch=0-step=100.ckpt', 'x', 100);
  files.write('a/version_0/checkpoints/last.ckpt', 'x', 100);
  files.write('a/version_0/checkpoints/epoch=1-step=200.ckpt', 'x', 5);
  const world = await polled();
  expect(told(world)).toEqual(['100 complete 100']);
  files.clock.advance(20);
  await world.poll();
  expect(told(world)).toEqual(['100 complete 120', '200 complete 25']);
});

test('Lightning: last.ckpt alone stands for one after the other', async () => {
  files.write('a/last.ckpt', 'x', 100);
  const world = await polled();
  files.age('a/last.ckpt', 50);
  await world.poll();
  expect(told(world)).toEqual(['undefined complete 100', 'undefined complete 50']);
});

test('old ones are not read again and again, and stay known', async () => {
  for (let step = 1; step <= 10; step++) folder(`a/checkpoint-${step}`, ['trainer_state.json'], 1000 - step);
  const listed: string[] = [];
  const fs: FileSystem = {
    ...diskFileSystem,
    list: (path, ...rest) => {
      listed.push(path.slice(files.folder.length + 1));
      return diskFileSystem.list(path, ...rest);
    },
  };
  const world = await polled({ deps: { fs } });
  expect(told(world)).toHaveLength(10);
  for (let look = 0; look < 3; look++) {
    listed.splice(0);
    await world.poll();
    expect(listed.filter((path) => path.includes('checkpoint-')).sort()).toEqual([
      'a/checkpoint-10',
      'a/checkpoint-8',
      'a/checkpoint-9',
    ]);
  }
  expect(told(world)).toHaveLength(10);
});

test('checkpoints that are deleted while the training goes on say nothing', async () => {
  folder('a/checkpoint-1', ['trainer_state.json'], 300);
  folder('a/checkpoint-2', ['trainer_state.json', 'model'], 200);
  const world = await polled();
  rmSync(files.path('a/checkpoint-2/trainer_state.json'));
  rmSync(files.path('a/checkpoint-1'), { recursive: true });
  folder('a/checkpoint-3', ['trainer_state.json'], 100);
  await world.poll();
  expect(told(world).slice(2)).toEqual(['3 complete 100']);
});

test('nothing is told of a run whose checkpoints are older than what is read', async () => {
  folder('a/checkpoint-1', ['trainer_state.json'], 9000);
  folder('a/checkpoint-2', ['model'], 8900);
  const world = await polled();
  expect(world.journal.streams).toEqual([]);
  folder('a/checkpoint-3', ['trainer_state.json'], 100);
  await world.poll();
  expect(told(world)).toEqual(['3 complete 100']);
});

test('a tracker that is a folder, huge or nonsense is passed over', async () => {
  files.write('a/latest/x', '1');
  files.write('b/latest', 'x'.repeat(100_000));
  files.write('c/latest', '\0\u0001\n');
  files.write('d/latest_checkpointed_iteration.txt', '99999999999999999999');
  expect(told(await polled())).toEqual([]);
});

describe('trainer_state.json', () => {
  const tell = (text: string, stream: RunStream): boolean => {
    if (!text.startsWith('{')) return false;
    stream.scalar(text, 1);
    return true;
  };

  test('the newest is told when it changes, with its time', async () => {
    files.write('a/checkpoint-1/trainer_state.json', '{1}', 300);
    files.write('a/checkpoint-2/trainer_state.json', '{2}', 200);
    const world = await polled({ deps: { tellTrainerState: tell } });
    await world.poll();
    const stream = world.journal.only('trainer_state');
    expect(stream.toldAs('scalar').map(({ tag }) => tag)).toEqual(['{2}']);
    expect(stream.toldAs('settle')[0]?.readAtSeconds).toBeCloseTo(files.clock.now() - 200, 0);
    files.write('a/trainer_state.json', '{3}', 100);
    await world.poll();
    expect(stream.toldAs('scalar').map(({ tag }) => tag)).toEqual(['{2}', '{3}']);
    expect(world.ledger.counts().bytes.get('trainer_state')).toBe(6);
  });

  test('one that is half written is read once more before it counts as bad', async () => {
    files.write('a/trainer_state.json', '!', 300);
    const world = await polled({ deps: { tellTrainerState: tell } });
    const problems = () => world.ledger.counts().problems.get('trainer_state')?.get('bad_record');
    expect(problems()).toBeUndefined();
    for (let look = 0; look < 3; look++) await world.poll();
    expect(problems()).toBe(1);
    expect(world.ledger.counts().bytes.get('trainer_state')).toBe(2);
    files.write('a/trainer_state.json', '{1}', 200);
    await world.poll();
    expect(world.journal.only('trainer_state').toldAs('scalar')).toHaveLength(1);
  });

  test('one that is too long is not read, and counted once', async () => {
    files.write('a/trainer_state.json', '{}', 100);
    const fs: FileSystem = {
      ...diskFileSystem,
      identify: async (path) => {
        const facts = await diskFileSystem.identify(path);
        return facts.isFile ? { ...facts, size: maxTrainerStateBytes + 1 } : facts;
      },
    };
    const world = await polled({ deps: { tellTrainerState: tell, fs } });
    await world.poll();
    expect(world.ledger.counts().problems.get('trainer_state')?.get('too_long')).toBe(1);
    expect(world.ledger.counts().bytes.get('trainer_state')).toBeUndefined();
  });

  test('one that was told before a restart is not told again', async () => {
    files.write('a/trainer_state.json', '{1}', 300);
    folder('a/checkpoint-7', ['model', 'trainer_state.json'], 400);
    const before = await polled({ deps: { tellTrainerState: tell } });
    const restored = before.sources.save();
    const world = await polled({ deps: { tellTrainerState: tell }, restored });
    expect(world.journal.streams).toEqual([]);
    files.write('a/trainer_state.json', '{2}', 200);
    await world.poll();
    expect(world.journal.only('trainer_state').toldAs('scalar')).toEqual([{ call: 'scalar', tag: '{2}', value: 1 }]);
  });
});
