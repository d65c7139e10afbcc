import { runCli } from '../support/cli.ts';

test.each([[[]], [['--help']], [['help']]])('%j lists the commands', async (args) => {
  const { status, stdout } = await runCli(args);
  expect(status).toBe(0);
  for (const name of ['up', 'gpu', 'gpu capture', 'generate']) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
});

test.each(['up', 'gpu', 'generate'])('%s --help tells its options', async (command) => {
  const { status, stdout } = await runCli([command, '--help']);
  expect(status).toBe(0);
  expect(stdout).toContain(`Usage: fleetlens ${command}`);
  expect(stdout).toContain('--config.file');
});

test('an unknown command is named with the nearest one', async () => {
  expect(await runCli(['generat'])).toEqual({
    status: 2,
    stdout: '',
    stderr: 'fleetlens: unknown command "generat"; did you mean generate?\n',
  });
});

test.each([
  { args: ['rules', '--help'], status: 0, stream: 'stdout' },
  { args: ['rules'], status: 2, stream: 'stderr' },
] as const)('$args lists the commands about rules alone', async ({ args, status, stream }) => {
  const ended = await runCli(args);
  expect(ended.status).toBe(status);
  expect(ended[stream].match(/^ {2}\S+ \S+ /gm)).toEqual([
    '  rules list ',
    '  rules explain ',
    '  rules lint ',
    '  rules test ',
  ]);
});
