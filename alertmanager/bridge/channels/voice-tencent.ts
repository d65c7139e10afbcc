import { optional } from '../../../kit/config-values.ts';
import { delivered, failedFor, wordsOf } from '../answers/verdicts.ts';
import {
  givenName,
  listedParameters,
  mostNumbers,
  parameterCharacters,
  phoneNumbers,
  playTimes,
  templateValues,
} from '../settings/phone.ts';
import { optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import type { MessageField } from '../texts/message-fields.ts';
import { type ChannelAnswer, defineChannel, type Verdict } from './channel.ts';
import { fieldsIn, type TencentKeyFiles, tencentRequest, tencentResponse } from './tencent.ts';

/** Calls by SendTtsVoice of Tencent Cloud: https://cloud.tencent.com/document/api/1128/51558 */
export interface VoiceTencent extends TencentKeyFiles {
  readonly phone_numbers: readonly string[];
  readonly sdk_app_id: string;
  readonly template_id: string;
  readonly parameters?: readonly MessageField[];
  readonly parameter_characters?: number;
  /** How often the text is read out, 1 to 3. */
  readonly play_times: number;
  readonly region: string;
  readonly time_zone?: string;
}

const defaultCharacters = 20;
const defaultPlayTimes = 2;
const defaultRegion = 'ap-guangzhou';

export const voiceTencent = defineChannel<VoiceTencent>({
  name: 'voice_tencent',
  limits: { bodyBytes: 8192, messages: mostNumbers, seconds: 60 },
  limitsOf: ({ phone_numbers }) => ({ bodyBytes: 8192, messages: phone_numbers.length, seconds: 60 }),
  parse(value, path) {
    const field = robotFields(value, path, [
      'secret_id_file',
      'secret_key_file',
      'phone_numbers',
      'sdk_app_id',
      'template_id',
      'parameters',
      'parameter_characters',
      'play_times',
      'region',
      'time_zone',
    ]);
    return {
      secret_id_file: secretFile(field('secret_id_file')),
      secret_key_file: secretFile(field('secret_key_file')),
      phone_numbers: phoneNumbers(field('phone_numbers')),
      sdk_app_id: givenName(field('sdk_app_id')),
      template_id: givenName(field('template_id')),
      ...optionalKey(field, 'parameters', listedParameters),
      ...optionalKey(field, 'parameter_characters', parameterCharacters),
      play_times: optional(field('play_times'), playTimes) ?? defaultPlayTimes,
      region: optional(field('region'), givenName) ?? defaultRegion,
      ...optionalKey(field, 'time_zone', timeZoneOf),
    };
  },
  secretFiles: ({ secret_id_file, secret_key_file }) => [secret_id_file, secret_key_file],
  render(message, settings, context) {
    const characters = settings.parameter_characters ?? defaultCharacters;
    const show = templateValues(message, { characters, timeZone: settings.time_zone });
    const call = {
      host: 'vms.tencentcloudapi.com',
      service: 'vms',
      action: 'SendTtsVoice',
      version: '2020-09-02',
      region: settings.region,
    };
    return settings.phone_numbers.map((number) => {
      const body = {
        TemplateId: settings.template_id,
        CalledNumber: number,
        VoiceSdkAppid: settings.sdk_app_id,
        TemplateParamSet: (settings.parameters ?? []).map(show),
        PlayTimes: settings.play_times,
      };
      return tencentRequest(call, body, settings, context);
    });
  },
  judge,
});

function judge(answer: ChannelAnswer): Verdict {
  const answered = tencentResponse(answer);
  if ('verdict' in answered) return answered.verdict;
  const callId = wordsOf(fieldsIn(answered.response['SendStatus'])['CallId']);
  return callId === '' ? failedFor('Tencent Cloud answered without a CallId') : delivered;
}
