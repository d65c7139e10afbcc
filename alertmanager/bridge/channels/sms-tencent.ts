import { fieldsIn, tencentResponse, verdictOfCode } from '../answers/tencent.ts';
import { delivered, failedFor, wordsOf } from '../answers/verdicts.ts';
import { givenName } from '../settings/phone.ts';
import type { ChannelAnswer, Verdict } from './channel.ts';
import { defineTencent } from './tencent.ts';

interface Own {
  readonly sign_name: string;
}

/** Text messages by SendSms of Tencent Cloud: https://cloud.tencent.com/document/api/382/55981 */
export const smsTencent = defineTencent<Own>({
  name: 'sms_tencent',
  api: { host: 'sms.tencentcloudapi.com', service: 'sms', action: 'SendSms', version: '2021-01-11' },
  ownKeys: ['sign_name'],
  parseOwn: (field) => ({ sign_name: givenName(field('sign_name')) }),
  bodyFor: (number, { sdk_app_id, sign_name, template_id }, variables) => ({
    PhoneNumberSet: [number],
    SmsSdkAppId: sdk_app_id,
    SignName: sign_name,
    TemplateId: template_id,
    TemplateParamSet: variables,
  }),
  judge,
});

/** Each number has a code of its own; one number is in each request. */
function judge(answer: ChannelAnswer): Verdict {
  const answered = tencentResponse(answer);
  if ('verdict' in answered) return answered.verdict;
  const set = answered.response['SendStatusSet'];
  const status = fieldsIn(Array.isArray(set) ? set[0] : undefined);
  const code = wordsOf(status['Code']);
  if (code === 'Ok') return delivered;
  if (code === '') return failedFor('Tencent Cloud answered without a SendStatusSet');
  return verdictOfCode(code, wordsOf(status['Message']), answer);
}
