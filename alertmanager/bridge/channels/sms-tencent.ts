import { optional } from '../../../kit/config-values.ts';
import { delivered, failedFor, wordsOf } from '../answers/verdicts.ts';
import {
  givenName,
  listedParameters,
  mostNumbers,
  parameterCharacters,
  phoneNumbers,
  templateValues,
} from '../settings/phone.ts';
import { optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import type { MessageField } from '../texts/message-fields.ts';
import { type ChannelAnswer, defineChannel, type Verdict } from './channel.ts';
import { fieldsIn, type TencentKeyFiles, tencentRequest, tencentResponse, verdictOfCode } from './tencent.ts';

/** Text messages by SendSms of Tencent Cloud: https://cloud.tencent.com/document/api/382/55981 */
export interface SmsTencent extends TencentKeyFiles {
  readonly phone_numbers: readonly string[];
  readonly sdk_app_id: string;
  readonly sign_name: string;
  readonly template_id: string;
  /** Fields for {1}, {2} … of the template, in this order. */
  readonly parameters?: readonly MessageField[];
  readonly parameter_characters?: number;
  readonly region: string;
  readonly time_zone?: string;
}

/** How long a variable may be is agreed with each template; this is short enough for most. */
const defaultCharacters = 20;
const defaultRegion = 'ap-guangzhou';

export const smsTencent = defineChannel<SmsTencent>({
  name: 'sms_tencent',
  limits: { bodyBytes: 8192, messages: mostNumbers, seconds: 60 },
  limitsOf: ({ phone_numbers }) => ({ bodyBytes: 8192, messages: phone_numbers.length, seconds: 60 }),
  parse(value, path) {
    const field = robotFields(value, path, [
      'secret_id_file',
      'secret_key_file',
      'phone_numbers',
      'sdk_app_id',
      'sign_name',
      'template_id',
      'parameters',
      'parameter_characters',
      'region',
      'time_zone',
    ]);
    return {
      secret_id_file: secretFile(field('secret_id_file')),
      secret_key_file: secretFile(field('secret_key_file')),
      phone_numbers: phoneNumbers(field('phone_numbers')),
      sdk_app_id: givenName(field('sdk_app_id')),
      sign_name: givenName(field('sign_name')),
      template_id: givenName(field('template_id')),
      ...optionalKey(field, 'parameters', listedParameters),
      ...optionalKey(field, 'parameter_characters', parameterCharacters),
      region: optional(field('region'), givenName) ?? defaultRegion,
      ...optionalKey(field, 'time_zone', timeZoneOf),
    };
  },
  secretFiles: ({ secret_id_file, secret_key_file }) => [secret_id_file, secret_key_file],
  render(message, settings, context) {
    const characters = settings.parameter_characters ?? defaultCharacters;
    const show = templateValues(message, { characters, timeZone: settings.time_zone });
    const call = {
      host: 'sms.tencentcloudapi.com',
      service: 'sms',
      action: 'SendSms',
      version: '2021-01-11',
      region: settings.region,
    };
    return settings.phone_numbers.map((number) => {
      const body = {
        PhoneNumberSet: [number],
        SmsSdkAppId: settings.sdk_app_id,
        SignName: settings.sign_name,
        TemplateId: settings.template_id,
        TemplateParamSet: (settings.parameters ?? []).map(show),
      };
      return tencentRequest(call, body, settings, context);
    });
  },
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
