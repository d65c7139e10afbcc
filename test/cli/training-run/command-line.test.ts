import { commandOf, splitCommandLine } from '../../../cli/training-run/command-line.ts';

test('what stands before -- is for the wrapper, all after it is the command', () => {
  const line = splitCommandLine(['--run=a', '--', 'python', 'train.py', '--run=b', '--', '--help']);
  expect(line.own).toEqual(['--run=a']);
  expect(commandOf(line)).toEqual({ program: 'python', args: ['train.py', '--run=b', '--', '--help'] });
});

test.each([[[]], [['python', 'train.py']], [['--']], [['--', '']]])('%j has no command', (argv) => {
  expect(() => commandOf(splitCommandLine(argv))).toThrow('the command is missing; give it after --');
});
