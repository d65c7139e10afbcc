import { layoutOf } from '../../../cli/training-inspect/find/layout.ts';

test.each([
  ['nothing', [], { is: 'nothing' }],
  ['files in the folder', [''], { is: 'run', runFolders: [] }],
  ['a run of Megatron', ['tensorboard', 'checkpoints/iter_0000100', ''], { is: 'run', runFolders: [] }],
  ['a run of torchtitan', ['tb/20260101-1200', 'structured_logs', 'checkpoint/step-5'], { is: 'run', runFolders: [] }],
  ['a run of Hugging Face', ['checkpoint-500', 'runs/Aug01_a', 'runs/Aug02_a'], { is: 'run', runFolders: [] }],
  ['a run of torchrun', ['attempt_0/0', 'attempt_0/1'], { is: 'run', runFolders: [] }],
  ['runs side by side', ['a', 'b/tb'], { is: 'runs', pattern: '*' }],
  ['one run below', ['a'], { is: 'runs', pattern: '*' }],
  [
    'versions of Lightning',
    ['lightning_logs/version_0', 'lightning_logs/version_1'],
    { is: 'runs', pattern: 'lightning_logs/*' },
  ],
  ["TensorBoard's folder of runs", ['runs/Aug01_a', 'runs/Aug02_b'], { is: 'runs', pattern: 'runs/*' }],
  ['runs of several teams', ['x/a', 'y/b/tb'], { is: 'runs', pattern: '*/*' }],
  ['runs that are not equally deep', ['x', 'y/b'], { is: 'runs', pattern: '*' }],
  ['a name with wildcards above', ['a[1],*/b', 'a[1],*/c'], { is: 'runs', pattern: 'a\\[1\\]?\\*/*' }],
  ['a run with runs in it', ['', 'a', 'b/tb', 'logs'], { is: 'run', runFolders: ['a', 'b'] }],
] as const)('%s', (_, places, layout) => {
  expect(layoutOf(places)).toEqual(layout);
});
