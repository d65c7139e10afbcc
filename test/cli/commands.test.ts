import { startCli } from '../support/cli.ts';

async function run(...args: readonly string[]): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const child = await startCli(args);
  await child.ended;
  return { status: child.end(), stdout: child.stdout(), stderr: child.stderr() };
}

test.each([[[]], [['--help']], [['help']]])('%j lists the commands', async (args) => {
  const { status, stdout } = await run(...args);
  expect(status).toBe(0);
  for (const name of ['up', 'gpu', 'generate']) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
});

test.each(['up', 'gpu', 'generate'])('%s --help tells its options', async (command) => {
  const { status, stdout } = await run(command, '--help');
  expect(status).toBe(0);
  expect(stdout).toContain(`Usage: fleetlens ${command}`);
  expect(stdout).toContain('--config.file');
});

test('an unknown command is named with the nearest one', async () => {
  expect(await run('generat')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'fleetlens: unknown command "generat"; did you mean generate?\n',
  });
});
