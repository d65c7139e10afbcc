import type { ChannelAnswer, Verdict } from '../channels/channel.ts';
import { failedFor, jsonOf, limitedFor, refusedFor, refusedForContent, skewedBy, wordsOf } from './verdicts.ts';

/** What is in Response, or a verdict: all failures come with 200. https://cloud.tencent.com/document/api/382/38780 */
export function tencentResponse(
  answer: ChannelAnswer,
): { readonly response: Readonly<Record<string, unknown>> } | { readonly verdict: Verdict } {
  const answered = jsonOf(answer);
  if ('verdict' in answered) return answered;
  const response = fieldsIn(answered.json['Response']);
  const error = fieldsIn(response['Error']);
  const code = wordsOf(error['Code']);
  return code === '' ? { response } : { verdict: verdictOfCode(code, wordsOf(error['Message']), answer) };
}

export function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** https://cloud.tencent.com/document/api/1128/51560 names the second one for calls. */
const timeIsOff: ReadonlySet<string> = new Set(['AuthFailure.SignatureExpire', 'InternalError.RequestTimeException']);

/** Called internal errors, and yet about what was sent. */
const neverTaken: ReadonlySet<string> = new Set([
  'InternalError.SigVerificationFail',
  'InternalError.SigFieldMissing',
  'InternalError.RestApiInterfaceNotExist',
]);

const minuteSeconds = 60;
const longSeconds = 3600;

export function verdictOfCode(code: string, words: string, answer: ChannelAnswer): Verdict {
  const reason = `Tencent Cloud answered ${code}: ${words}`;
  if (timeIsOff.has(code)) return skewedBy(answer, reason);
  if (/^LimitExceeded\..*(Daily|OneHour|SameContentDaily)/.test(code)) return limitedFor(longSeconds, reason);
  if (/^(RequestLimitExceeded|LimitExceeded)/.test(code)) return limitedFor(minuteSeconds, reason);
  if (/^(InternalError|ResourceUnavailable|ServiceUnavailable)/.test(code) && !neverTaken.has(code))
    return failedFor(reason);
  const refused = aboutContent.test(code) ? refusedForContent : refusedFor;
  return refused(`${reason}; look the code up in the guide`);
}

const aboutContent = /SensitiveWord|UrlInTemplateParameter|TemplateParameter(Format|Length)|ContentLengthLimit/;
