import type { Express, RequestHandler } from 'express';
import { reasonOf } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { parseDuration } from '../../../kit/options/duration.ts';
import type { GpuSource } from '../sources/source.ts';

/** Lets people and scripts take the driver away from the exporter for a while: to reset a GPU, to change its MIG layout, to unbind it. */
export interface ReleaseControl {
  readonly routes: (app: Express) => void;
  readonly stop: () => void;
}

const longestSeconds = 24 * 3600;
const signal = 'SIGUSR2';

type Releasable = Required<Pick<GpuSource, 'release' | 'resume'>> & Pick<GpuSource, 'state'>;

/** POST /-/release?duration=10m, POST /-/resume, and SIGUSR2 for the one and then the other. */
export function startReleaseControl(
  source: Releasable,
  settings: { readonly defaultSeconds: number; readonly guard: RequestHandler },
  log: Log,
): ReleaseControl {
  function onSignal(): void {
    if (source.state().releasedUntilSeconds !== undefined) source.resume();
    else
      source.release(settings.defaultSeconds).catch((error) => log.error('not released', { reason: reasonOf(error) }));
  }

  const release: RequestHandler = async (request, response) => {
    response.type('text/plain');
    const { duration } = request.query;
    const seconds = duration === undefined ? settings.defaultSeconds : secondsOf(duration);
    if (seconds === undefined) {
      response.status(400).send('duration must be from 1s to 24h, such as 10m\n');
      return;
    }
    try {
      await source.release(seconds);
      response.send(`the driver is free for ${seconds} s\n`);
    } catch (error) {
      response.status(503).send(`${reasonOf(error)}\n`);
    }
  };

  process.on(signal, onSignal);
  return {
    routes: (app) => {
      app.post('/-/release', settings.guard, release);
      app.post('/-/resume', settings.guard, (_request, response) => {
        source.resume();
        response.type('text/plain').send('the driver is taken again\n');
      });
    },
    stop: () => void process.off(signal, onSignal),
  };
}

function secondsOf(duration: unknown): number | undefined {
  const seconds = typeof duration === 'string' && duration.length < 20 ? parseDuration(duration) : undefined;
  return seconds !== undefined && seconds >= 1 && seconds <= longestSeconds ? seconds : undefined;
}
