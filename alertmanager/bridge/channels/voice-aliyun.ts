import { optional } from '../../../kit/config-values.ts';
import {
  givenName,
  mostNumbers,
  namedParameters,
  parameterCharacters,
  phoneNumbers,
  playTimes,
  templateValues,
} from '../settings/phone.ts';
import { optionalKey, robotFields, secretFile, timeZoneOf } from '../settings/robot-fields.ts';
import type { MessageField } from '../texts/message-fields.ts';
import { type AliyunKeyFiles, aliyunRequest, judgeAliyun } from './aliyun.ts';
import { defineChannel } from './channel.ts';

/** Calls by SingleCallByTts of Aliyun: https://help.aliyun.com/zh/vms/developer-reference/api-dyvmsapi-2017-05-25-singlecallbytts */
export interface VoiceAliyun extends AliyunKeyFiles {
  readonly phone_numbers: readonly string[];
  /** A number of one's own to call from; without it Aliyun takes one of a pool. */
  readonly called_show_number?: string;
  readonly tts_code: string;
  readonly parameters?: Readonly<Record<string, MessageField>>;
  readonly parameter_characters?: number;
  /** How often the text is read out, 1 to 3. */
  readonly play_times: number;
  readonly time_zone?: string;
}

const defaultCharacters = 20;
const defaultPlayTimes = 2;

export const voiceAliyun = defineChannel<VoiceAliyun>({
  name: 'voice_aliyun',
  limits: { bodyBytes: 8192, messages: mostNumbers, seconds: 60 },
  /** One call a minute for each number is allowed. */
  limitsOf: ({ phone_numbers }) => ({ bodyBytes: 8192, messages: phone_numbers.length, seconds: 60 }),
  parse(value, path) {
    const field = robotFields(value, path, [
      'access_key_id_file',
      'access_key_secret_file',
      'phone_numbers',
      'called_show_number',
      'tts_code',
      'parameters',
      'parameter_characters',
      'play_times',
      'time_zone',
    ]);
    return {
      access_key_id_file: secretFile(field('access_key_id_file')),
      access_key_secret_file: secretFile(field('access_key_secret_file')),
      phone_numbers: phoneNumbers(field('phone_numbers')),
      ...optionalKey(field, 'called_show_number', givenName),
      tts_code: givenName(field('tts_code')),
      ...optionalKey(field, 'parameters', namedParameters),
      ...optionalKey(field, 'parameter_characters', parameterCharacters),
      play_times: optional(field('play_times'), playTimes) ?? defaultPlayTimes,
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
        CalledNumber: number,
        ...(settings.called_show_number === undefined ? {} : { CalledShowNumber: settings.called_show_number }),
        TtsCode: settings.tts_code,
        ...(shown.length === 0 ? {} : { TtsParam: JSON.stringify(Object.fromEntries(shown)) }),
        PlayTimes: String(settings.play_times),
      };
      const call = { host: 'dyvmsapi.aliyuncs.com', action: 'SingleCallByTts', version: '2017-05-25', parameters };
      return aliyunRequest(call, settings, context, index);
    });
  },
  judge: judgeAliyun,
});
