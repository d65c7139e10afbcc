import { optional } from '../../../kit/config-values.ts';
import { defaultPlayTimes, givenName, playTimes } from '../settings/phone.ts';
import { optionalKey } from '../settings/robot-fields.ts';
import { defineAliyun } from './aliyun.ts';

interface Own {
  /** A number of one's own to call from; without it Aliyun takes one of a pool. */
  readonly called_show_number?: string;
  readonly tts_code: string;
  /** How often the text is read out, 1 to 3. */
  readonly play_times: number;
}

/** Calls by SingleCallByTts of Aliyun: https://help.aliyun.com/zh/vms/developer-reference/api-dyvmsapi-2017-05-25-singlecallbytts */
export const voiceAliyun = defineAliyun<Own>({
  name: 'voice_aliyun',
  api: { host: 'dyvmsapi.aliyuncs.com', action: 'SingleCallByTts', version: '2017-05-25' },
  defaultCharacters: 20,
  ownKeys: ['called_show_number', 'tts_code', 'play_times'],
  parseOwn: (field) => ({
    ...optionalKey(field, 'called_show_number', givenName),
    tts_code: givenName(field('tts_code')),
    play_times: optional(field('play_times'), playTimes) ?? defaultPlayTimes,
  }),
  parametersFor: (number, { called_show_number, tts_code, play_times }, variables) => ({
    CalledNumber: number,
    ...(called_show_number === undefined ? {} : { CalledShowNumber: called_show_number }),
    TtsCode: tts_code,
    ...(variables === undefined ? {} : { TtsParam: variables }),
    PlayTimes: String(play_times),
  }),
});
