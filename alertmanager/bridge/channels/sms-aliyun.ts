import { givenName } from '../settings/phone.ts';
import { defineAliyun } from './aliyun.ts';

interface Own {
  readonly sign_name: string;
  readonly template_code: string;
}

/** Text messages by SendSms of Aliyun: https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms */
export const smsAliyun = defineAliyun<Own>({
  name: 'sms_aliyun',
  api: { host: 'dysmsapi.aliyuncs.com', action: 'SendSms', version: '2017-05-25' },
  // What variables of a notification may have, unless the template was allowed more.
  defaultCharacters: 35,
  ownKeys: ['sign_name', 'template_code'],
  parseOwn: (field) => ({
    sign_name: givenName(field('sign_name')),
    template_code: givenName(field('template_code')),
  }),
  parametersFor: (number, { sign_name, template_code }, variables) => ({
    PhoneNumbers: number,
    SignName: sign_name,
    TemplateCode: template_code,
    ...(variables === undefined ? {} : { TemplateParam: variables }),
  }),
});
