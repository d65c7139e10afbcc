import type { ChannelAnswer, Verdict } from '../channels/channel.ts';
import {
  delivered,
  failedFor,
  jsonOf,
  limitedFor,
  refusedFor,
  refusedForContent,
  skewedBy,
  wordsOf,
} from './verdicts.ts';

const minuteSeconds = 60;
const longSeconds = 3600;

/**
 * Failures of the gateway come with 4xx, those of the service with 200, and both with a Code.
 * https://help.aliyun.com/zh/sms/developer-reference/api-error-codes
 */
export function judgeAliyun(answer: ChannelAnswer): Verdict {
  const answered = jsonOf(answer);
  if ('verdict' in answered) return answered.verdict;
  const code = wordsOf(answered.json['Code']);
  const reason = `Aliyun answered ${code === '' ? 'no Code' : code}: ${wordsOf(answered.json['Message'])}`;
  if (code === 'OK') return delivered;
  if (/^(IllegalTimestamp|InvalidTimeStamp)/i.test(code)) return skewedBy(answer, reason);
  if (/DAY_LIMIT|MONTH_LIMIT/.test(code)) return limitedFor(longSeconds, `${reason}; raise the limit in the console`);
  if (/BUSINESS_LIMIT_CONTROL|^Throttling|FLOW_LIMIT/i.test(code)) return limitedFor(minuteSeconds, reason);
  if (code === '' || isTemporary(code) || answer.status >= 500) return failedFor(reason);
  const refused = aboutContent.test(code) ? refusedForContent : refusedFor;
  return refused(`${reason}; look the code up in the guide`);
}

const aboutContent =
  /^(FILTER|isv\.(BLACK_KEY_CONTROL_LIMIT|PARAM_LENGTH_LIMIT|PARAM_NOT_SUPPORT_URL|TEMPLATE_PARAMS_ILLEGAL|SMS_CONTENT_ILLEGAL))/;

function isTemporary(code: string): boolean {
  return /^(isp\.SYSTEM_ERROR|isp\.GATEWAY_ERROR|isp\.UNKNOWN_ERR_CODE|SignatureNonceUsed|ServiceUnavailable|InternalError)/.test(
    code,
  );
}
