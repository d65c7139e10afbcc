import { errnoOf, reasonOf, SourceError } from '../../../kit/errors.ts';
import { readText } from '../../../kit/http/send-request.ts';
import type { ChannelAnswer, ChannelRequest } from '../channels/channel.ts';

const maxAnswerBytes = 64 * 1024;

/** Sends one request to a robot. Rejects with a SourceError that does not hold its address: with most makers that is a secret. */
export async function postRequest(request: ChannelRequest, timeoutSeconds: number): Promise<ChannelAnswer> {
  try {
    return await readText({ ...request, timeoutSeconds }, maxAnswerBytes);
  } catch (error) {
    throw new SourceError(`${request.url.host} ${whyNot(error, timeoutSeconds)}`);
  }
}

function whyNot(error: unknown, timeoutSeconds: number): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const code = errnoOf(cause) ?? errnoOf(error);
  const text = reasonOf(error);
  if (/no answer within/.test(text)) return `gives no answer within ${timeoutSeconds} s`;
  if (/larger than/.test(text)) return `answers with more than ${maxAnswerBytes} bytes, which is no answer of a robot`;
  return code === undefined ? 'cannot be reached' : `cannot be reached: ${code}`;
}
