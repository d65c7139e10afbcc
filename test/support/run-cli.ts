import { main } from '../../cli/commands.ts';

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as a person would, with what it writes gathered. */
export async function runCli(...argv: readonly string[]): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const gather =
    (into: string[]) =>
    (chunk: unknown, done?: unknown): boolean => {
      into.push(String(chunk));
      if (typeof done === 'function') done();
      return true;
    };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(gather(out)),
    jest.spyOn(process.stderr, 'write').mockImplementation(gather(err)),
  ];
  try {
    const status = await main(argv);
    return { status, stdout: out.join(''), stderr: err.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
