import { delivered, failedFor, jsonOf, limitedFor, refusedFor, skewedBy, wordsOf } from '../answers/verdicts.ts';
import { type Acs3Request, signAcs3 } from '../signing/acs3.ts';
import type { ChannelAnswer, ChannelRequest, RenderContext, Verdict } from './channel.ts';

export interface AliyunKeyFiles {
  readonly access_key_id_file: string;
  readonly access_key_secret_file: string;
}

export function aliyunRequest(
  call: Omit<Acs3Request, 'nowMs' | 'nonce'>,
  { access_key_id_file, access_key_secret_file }: AliyunKeyFiles,
  context: RenderContext,
  index: number,
): ChannelRequest {
  const key = { id: context.secret(access_key_id_file), secret: context.secret(access_key_secret_file) };
  const nonce = index === 0 ? context.nonce : `${context.nonce}-${index}`;
  const { query, headers } = signAcs3({ ...call, nowMs: context.nowMs, nonce }, key);
  return { url: new URL(`https://${call.host}/?${query}`), method: 'POST', headers };
}

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
  return refusedFor(`${reason}; look the code up in the guide`);
}

function isTemporary(code: string): boolean {
  return /^(isp\.SYSTEM_ERROR|isp\.GATEWAY_ERROR|isp\.UNKNOWN_ERR_CODE|SignatureNonceUsed|ServiceUnavailable|InternalError)/.test(
    code,
  );
}
