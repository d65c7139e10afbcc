import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program in this terminal, passes signals on to it, and returns its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function runInTerminal(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    // A terminal sends Ctrl-C to all its programs; passing it on as well would look like a second, impatient one.
    const interrupt = process.stdin.isTTY ? () => undefined : pass;
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', pass);
    const stopWatching = whenAbandoned(() => child.kill('SIGTERM'));
    const settle = () => {
      stopWatching();
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', pass);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code, signal) => {
      settle();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/**
 * Calls back once the parent has gone. npm passes a SIGTERM on to the shell between it and this script, and a shell dies of it
 * without a word to its children: the program would run on with nobody to stop it.
 */
function whenAbandoned(callback) {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, 500);
  return () => clearInterval(timer);
}
