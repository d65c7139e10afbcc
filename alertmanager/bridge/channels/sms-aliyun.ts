import {
  givenName,
  mostNumbers,
  namedParameters,
  parameterCharacters,
  phoneNumbers,
  templateValues,
} from '../settings/phone.ts';
import { optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import type { MessageField } from '../texts/message-fields.ts';
import { type AliyunKeyFiles, aliyunRequest, judgeAliyun } from './aliyun.ts';
import { defineChannel } from './channel.ts';

/** Text messages by SendSms of Aliyun: https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms */
export interface SmsAliyun extends AliyunKeyFiles {
  readonly phone_numbers: readonly string[];
  readonly sign_name: string;
  readonly template_code: string;
  /** Variables of the template, and the field that each of them shows. */
  readonly parameters?: Readonly<Record<string, MessageField>>;
  /** Characters of one variable. */
  readonly parameter_characters?: number;
  readonly time_zone?: string;
}

/** What variables of a notification may have, unless the template was allowed more. */
const defaultCharacters = 35;

export const smsAliyun = defineChannel<SmsAliyun>({
  name: 'sms_aliyun',
  limits: { bodyBytes: 8192, messages: mostNumbers, seconds: 60 },
  limitsOf: ({ phone_numbers }) => ({ bodyBytes: 8192, messages: phone_numbers.length, seconds: 60 }),
  parse(value, path) {
    const field = robotFields(value, path, [
      'access_key_id_file',
      'access_key_secret_file',
      'phone_numbers',
      'sign_name',
      'template_code',
      'parameters',
      'parameter_characters',
      'time_zone',
    ]);
    return {
      access_key_id_file: secretFile(field('access_key_id_file')),
      access_key_secret_file: secretFile(field('access_key_secret_file')),
      phone_numbers: phoneNumbers(field('phone_numbers')),
      sign_name: givenName(field('sign_name')),
      template_code: givenName(field('template_code')),
      ...optionalKey(field, 'parameters', namedParameters),
      ...optionalKey(field, 'parameter_characters', parameterCharacters),
      ...optionalKey(field, 'time_zone', timeZoneOf),
    };
  },
  secretFiles: ({ access_key_id_file, access_key_secret_file }) => [access_key_id_file, access_key_secret_file],
  render(message, settings, context) {
    const characters = settings.parameter_characters ?? defaultCharacters;
    const show = templateValues(message, { characters, timeZone: settings.time_zone });
    const shown = Object.entries(settings.parameters ?? {}).map(([name, field]) => [name, show(field)]);
    return settings.phone_numbers.map((number, index) => {
      const parameters = {
        PhoneNumbers: number,
        SignName: settings.sign_name,
        TemplateCode: settings.template_code,
        ...(shown.length === 0 ? {} : { TemplateParam: JSON.stringify(Object.fromEntries(shown)) }),
      };
      const call = { host: 'dysmsapi.aliyuncs.com', action: 'SendSms', version: '2017-05-25', parameters };
      return aliyunRequest(call, settings, context, index);
    });
  },
  judge: judgeAliyun,
});
