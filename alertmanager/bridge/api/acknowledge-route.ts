import express, { type RequestHandler, type Response } from 'express';
import type { Silence, SilenceMatcher } from '../../../kit/alertmanager/silence.ts';
import type { AlertmanagerClient } from '../../../kit/alertmanager/silences-client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { reasonOf, SourceError } from '../../../kit/errors.ts';
import type { Log } from '../../../kit/log.ts';
import { type AcknowledgeClaim, openClaim } from '../acknowledge/link.ts';
import { askPage, donePage, faultPage, pagePolicy } from '../acknowledge/page.ts';
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

const maxBytes = '16kb';

/** Reads the form of the page. */
export const acknowledgeForm: RequestHandler = express.urlencoded({
  extended: false,
  limit: maxBytes,
  parameterLimit: 20,
});

/** GET shows what would be silenced and changes nothing; POST makes the silence. */
export function acknowledgeRoutes(services: AcknowledgeServices): {
  readonly get: RequestHandler;
  readonly post: RequestHandler;
} {
  const { clock, log, meters, settings, alertmanager } = services;

  function opened(
    token: unknown,
    response: Response,
  ): { claim: AcknowledgeClaim; token: string; durations: readonly number[] } | undefined {
    const given = settings();
    const client = alertmanager();
    if (given === undefined || client === undefined || typeof token !== 'string') {
      refuse(response, 'en', 'wrong');
      return undefined;
    }
    const found = openClaim(token, given.key, clock.now());
    if ('claim' in found) return { claim: found.claim, token, durations: given.durations };
    refuse(response, found.fault === 'expired' ? found.language : 'en', found.fault);
    return undefined;
  }

  function refuse(response: Response, language: Language, fault: 'wrong' | 'expired'): void {
    meters.acknowledged('refused');
    html(response, 403, faultPage(language, fault));
  }

  async function silenceFor({ labels }: AcknowledgeClaim): Promise<Silence | undefined> {
    const wanted = keyOf(matchersOf(labels));
    const silences = (await alertmanager()?.silences(AbortSignal.timeout(10_000))) ?? [];
    return silences.find(({ state, matchers }) => state === 'active' && keyOf(matchers) === wanted);
  }

  async function ask(
    response: Response,
    given: { claim: AcknowledgeClaim; token: string; durations: readonly number[] },
    isIncomplete: boolean,
  ): Promise<void> {
    const { claim, token, durations } = given;
    const silence = await silenceFor(claim).catch((error: unknown) => {
      log.warn('silences cannot be read', { reason: reasonOf(error) });
      return undefined;
    });
    const existing =
      silence === undefined ? undefined : { until: timeText(silence.endsAt), by: shortenedTo(silence.createdBy, 100) };
    html(response, isIncomplete ? 400 : 200, askPage({ ...claim, token, durations, existing, isIncomplete }));
  }

  async function silence(
    claim: AcknowledgeClaim,
    form: { seconds: number; who: string; comment: string },
  ): Promise<number> {
    const startsAt = clock.now();
    const endsAt = startsAt + form.seconds;
    const comment = form.comment === '' ? 'acknowledged from a message' : form.comment;
    const wish = { matchers: matchersOf(claim.labels), startsAt, endsAt, createdBy: form.who, comment };
    await alertmanager()?.post(wish, AbortSignal.timeout(10_000));
    log.info('silenced from a message', { who: form.who, seconds: form.seconds, labels: claim.labels });
    return endsAt;
  }

  return {
    get: async (request, response) => {
      const given = opened(request.query['token'], response);
      if (given !== undefined) await ask(response, given, false);
    },
    post: async (request, response) => {
      const fields: Readonly<Record<string, unknown>> = request.body ?? {};
      const given = opened(fields['token'], response);
      if (given === undefined) return;
      const seconds = Number(fields['seconds']);
      const who = shortenedTo(textOf(fields['who']), 100);
      const comment = shortenedTo(textOf(fields['comment']), 300);
      if (!given.durations.includes(seconds) || who === '') return ask(response, given, true);
      const { language } = given.claim;
      try {
        const endsAt = await silence(given.claim, { seconds, who, comment });
        meters.acknowledged('silenced');
        html(response, 200, donePage(language, timeText(endsAt)));
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        meters.acknowledged('failed');
        log.error('a silence was not taken', { reason: error.message });
        html(response, 502, faultPage(language, 'failed'));
      }
    },
  };
}

/** A field that is given twice is a list. */
function textOf(field: unknown): string {
  return typeof field === 'string' ? field : '';
}

function matchersOf(labels: Readonly<Record<string, string>>): readonly SilenceMatcher[] {
  return Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }));
}

function keyOf(matchers: readonly SilenceMatcher[]): string {
  return JSON.stringify(matchers.map(({ name, value, isRegex, isEqual }) => [name, value, isRegex, isEqual]).sort());
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
