import type { TextAnswer } from '../../../../kit/http/send-request.ts';
import { BmcError } from './bmc-error.ts';
import { withoutSecrets } from './credentials.ts';
import { isResource, partOf, partsOf, textOf } from './resource.ts';

export const maxReasonCharacters = 200;

/** Throws BmcError for an answer that is none of success. What the controller says itself is told without the secrets. */
export function refuseStatus({ status, headers, body }: TextAnswer, place: string, secrets: readonly string[]): void {
  if ((status >= 200 && status < 300) || status === 304) return;
  throw new BmcError('status', `${place}: ${withoutSecrets(meaningOf(status, headers.location, body), secrets)}`, {
    status,
  });
}

function meaningOf(status: number, location: string | undefined, body: string): string {
  if (status >= 300 && status < 400)
    return `redirects to ${hostOf(location)}, which is not followed; configure that address if it is the controller`;
  if (status === 403) return 'the account may not do this; give it a role that may';
  const busy = status === 503 ? '; it is busy or starting, and is asked again next time' : '';
  return `answered with status ${status}${reasonGiven(body)}${busy}`;
}

/** What the controller says about its refusal, with a colon in front. */
function reasonGiven(body: string): string {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return '';
  }
  if (!isResource(answer)) return '';
  const error = partOf(answer, 'error');
  const [extended = {}] = partsOf(error, '@Message.ExtendedInfo');
  const message = textOf(extended, 'Message') ?? textOf(error, 'message');
  return message === undefined ? '' : `: ${message.slice(0, maxReasonCharacters)}`;
}

function hostOf(location: string | undefined): string {
  return location !== undefined && URL.canParse(location)
    ? new URL(location).host.slice(0, maxReasonCharacters)
    : 'another path';
}
