import express, { type RequestHandler, type Response } from 'express';
import type { AlertmanagerClient } from '../../../kit/alertmanager/silences-client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { type AcknowledgeClaim, type Labels, openClaim } from '../acknowledge/link.ts';
import {
  type AcknowledgeForm,
  askPage,
  donePage,
  type ExistingSilence,
  failedPage,
  faultPage,
} from '../acknowledge/page.ts';
import { pagePolicy } from '../acknowledge/page-frame.ts';
import { matchersOf, silenceOf } from '../acknowledge/silences.ts';
import { shortenedTo } from '../letter/clean-text.ts';
import type { Language } from '../message.ts';
import type { Meters } from '../meters.ts';

export interface AcknowledgeServices {
  /** Undefined where no acknowledgement is configured. Throws SourceError if the key cannot be read. */
  readonly settings: () => { readonly key: string; readonly durations: readonly number[] } | undefined;
  readonly alertmanager: () => AlertmanagerClient | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
}

interface Opened {
  readonly claim: AcknowledgeClaim;
  readonly token: string;
  readonly durations: readonly number[];
  readonly client: AlertmanagerClient;
}

const maxBytes = '16kb';
const timeoutMs = 10_000;

/** Reads the form of the page. */
export const acknowledgeForm: RequestHandler = express.urlencoded({
  extended: false,
  limit: maxBytes,
  parameterLimit: 200,
});

/** GET shows what would be silenced and changes nothing; POST makes the silences. */
export function acknowledgeRoutes(services: AcknowledgeServices): {
  readonly get: RequestHandler;
  readonly post: RequestHandler;
} {
  const { clock, log, meters, settings, alertmanager } = services;

  function opened(token: unknown, response: Response): Opened | undefined {
    const given = settings();
    const client = alertmanager();
    if (given === undefined || client === undefined || typeof token !== 'string') {
      refuse(response, 'en', 'wrong');
      return undefined;
    }
    const found = openClaim(token, given.key, clock.now());
    if ('claim' in found) return { claim: found.claim, token, durations: given.durations, client };
    refuse(response, found.fault === 'expired' ? found.language : 'en', found.fault);
    return undefined;
  }

  function refuse(response: Response, language: Language, fault: 'wrong' | 'expired'): void {
    meters.acknowledged('refused');
    html(response, 403, faultPage(language, fault));
  }

  /** For each group; undefined where Alertmanager does not say. */
  async function existingOf({ claim, client }: Opened): Promise<readonly (ExistingSilence | undefined)[] | undefined> {
    try {
      const silences = await client.silences(AbortSignal.timeout(timeoutMs));
      return claim.groups.map((labels) => {
        const silence = silenceOf(labels, silences);
        return silence && { until: timeText(silence.endsAt), by: shortenedTo(silence.createdBy, 100) };
      });
    } catch (error) {
      log.warn('silences cannot be read', { reason: reasonOf(error) });
      return undefined;
    }
  }

  async function ask(response: Response, given: Opened, incomplete?: AcknowledgeForm): Promise<void> {
    const existing = await existingOf(given);
    html(response, incomplete === undefined ? 200 : 400, askPage({ ...given, existing, incomplete }));
  }

  /** One for each group, one behind the other; resolves with those that Alertmanager took. */
  async function silence(
    { client }: Opened,
    groups: readonly Labels[],
    { seconds, who, comment }: AcknowledgeForm,
  ): Promise<readonly Labels[]> {
    const startsAt = clock.now();
    const wish = {
      startsAt,
      endsAt: startsAt + seconds,
      createdBy: who,
      comment: comment === '' ? 'acknowledged from a message' : comment,
    };
    const taken: Labels[] = [];
    try {
      for (const labels of groups) {
        await client.post({ ...wish, matchers: matchersOf(labels) }, AbortSignal.timeout(timeoutMs));
        log.info('silenced from a message', { who, seconds, labels });
        taken.push(labels);
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      log.error('a silence was not taken', { reason: error.message });
    }
    return taken;
  }

  return {
    get: async (request, response) => {
      const given = opened(request.query['token'], response);
      if (given !== undefined) await ask(response, given);
    },
    post: async (request, response) => {
      const fields: Readonly<Record<string, unknown>> = request.body ?? {};
      const given = opened(fields['token'], response);
      if (given === undefined) return;
      const form = formIn(fields, given.claim);
      const groups = given.claim.groups.filter((_, index) => form.groups.includes(index));
      if (!given.durations.includes(form.seconds) || form.who === '' || groups.length === 0)
        return ask(response, given, form);
      const { language } = given.claim;
      const taken = await silence(given, groups, form);
      const isDone = taken.length === groups.length;
      meters.acknowledged(isDone ? 'silenced' : 'failed');
      const until = timeText(clock.now() + form.seconds);
      if (isDone) html(response, 200, donePage(language, { groups, duration: form.seconds, until, who: form.who }));
      else html(response, 502, failedPage(language, given.token, taken.length, groups.length));
    },
  };
}

function formIn(fields: Readonly<Record<string, unknown>>, { groups }: AcknowledgeClaim): AcknowledgeForm {
  const chosen = [fields['group'] ?? []].flat().map(Number);
  return {
    groups: [...groups.keys()].filter((index) => fields['all'] === '1' || chosen.includes(index)),
    seconds: Number(fields['seconds']),
    who: shortenedTo(textOf(fields['who']), 100),
    comment: shortenedTo(textOf(fields['comment']), 300),
  };
}

/** A field that is given twice is a list. */
function textOf(field: unknown): string {
  return typeof field === 'string' ? field : '';
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace(/:\d\d\.\d+Z$/, ' UTC');
}

function html(response: Response, status: number, page: string): void {
  response.set({
    'Content-Security-Policy': pagePolicy,
    'Cache-Control': 'no-store',
    // The address holds the token.
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
  response.status(status).type('text/html').send(page);
}
