import { isatty } from 'node:tty';

/** Signals by which people and schedulers talk to a training program. */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
const ending: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface SignalHandlers {
  /** A signal that is for the command. */
  readonly forward: (signal: NodeJS.Signals) => void;
  /** Somebody wants all this to end. */
  readonly end: () => void;
}

/** Listens until the function that it returns is called. */
export function listenToSignals({ forward, end }: SignalHandlers): () => void {
  // Ctrl-C of a terminal goes to everything that it started, so the command has it already; twice would be a command to drop everything.
  const hasTerminal = isatty(0);

  function onSignal(signal: NodeJS.Signals): void {
    if (!(signal === 'SIGINT' && hasTerminal)) forward(signal);
    if (ending.includes(signal)) end();
  }

  for (const signal of forwarded) process.on(signal, onSignal);
  return () => {
    for (const signal of forwarded) process.off(signal, onSignal);
  };
}
