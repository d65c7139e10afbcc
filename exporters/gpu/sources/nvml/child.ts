/**
 * Entry point of the process that calls NVML. A call that never returns, or a crash inside the driver's library, cannot be survived
 * from within, so the exporter runs this beside itself and replaces it when needed. It speaks protocol.ts.
 */
import { loadLibrary } from './library.ts';
import { writeProgress } from './progress.ts';
import type { Answer, ChildOptions, Request } from './protocol.ts';
import { openSession, type Session } from './session.ts';
import { DriverUnavailable } from './unavailable.ts';

if (process.send === undefined) {
  process.stderr.write(
    'This is a part of the GPU exporter and cannot be run alone; start the exporter: fleetlens gpu\n',
  );
  process.exit(2);
}
main(parseOptions(process.argv[2]));

function main(options: ChildOptions): void {
  let session: Session | undefined;

  let isStopping = false;

  function stop(): void {
    if (isStopping) return;
    isStopping = true;
    session?.close();
    process.exit(0);
  }

  // Before the first call, so that a signal lets the call in progress end instead of tearing it down.
  // They stay in force, so that a second signal does not tear down what the first one made it finish.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.once('disconnect', stop);
  process.on('message', (message) => {
    if (session === undefined || !isRequest(message)) return;
    const { answer, isLast } = serve(session, message);
    if (isLast) session = undefined;
    send(answer, isLast);
  });

  const started = start(options);
  if (started instanceof DriverUnavailable) {
    send({ kind: 'init-failed', state: started.state, message: started.message }, true);
    return;
  }
  session = started;
  send({ kind: 'ready', gpuCount: session.gpuCount() }, false);
}

function start({ libraries, skip }: ChildOptions): Session | DriverUnavailable {
  try {
    const deps = { library: loadLibrary(libraries), progress: writeProgress(), now, monotonic, report };
    return openSession(deps, { skip });
  } catch (error) {
    if (error instanceof DriverUnavailable) return error;
    throw error;
  }
}

function serve(session: Session, request: Request): { readonly answer: Answer; readonly isLast: boolean } {
  try {
    return { answer: answerTo(session, request), isLast: false };
  } catch (error) {
    if (!(error instanceof DriverUnavailable)) throw error;
    session.close();
    return { answer: { kind: 'driver-gone', state: error.state, message: error.message }, isLast: true };
  }
}

function answerTo(session: Session, request: Request): Answer {
  const { id } = request;
  if (request.kind === 'poll') return { kind: 'events', id, events: session.poll() };
  const reading = session.collect(request.wanted);
  return { kind: 'reading', id, reading, gpuCount: session.gpuCount(), hearsEvents: session.hearsEvents() };
}

function send(answer: Answer, isLast: boolean): void {
  // An answer that cannot be delivered means that the exporter is gone, which `disconnect` tells too.
  process.send?.(answer, undefined, undefined, () => {
    if (isLast) process.exit(0);
  });
}

function now(): number {
  return Date.now() / 1000;
}

function monotonic(): number {
  return performance.now() / 1000;
}

function report(message: string): void {
  process.stderr.write(`nvml: ${message}\n`);
}

function parseOptions(text: string | undefined): ChildOptions {
  const value: unknown = JSON.parse(text ?? 'null');
  if (typeof value === 'object' && value !== null && 'libraries' in value && 'skip' in value) {
    const { libraries, skip } = value;
    if (isArrayOf(libraries, isString) && isArrayOf(skip, isNumber)) return { libraries, skip };
  }
  throw new Error(`expected {"libraries": [...], "skip": [...]} as the first argument, got ${text}`);
}

function isRequest(message: unknown): message is Request {
  if (typeof message !== 'object' || message === null || !('kind' in message) || !('id' in message)) return false;
  if (typeof message.id !== 'number') return false;
  return message.kind === 'poll' || (message.kind === 'collect' && 'wanted' in message);
}

function isArrayOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
