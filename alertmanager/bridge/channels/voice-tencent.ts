import { optional } from '../../../kit/config-values.ts';
import { fieldsIn, tencentResponse } from '../answers/tencent.ts';
import { delivered, failedFor, wordsOf } from '../answers/verdicts.ts';
import { defaultPlayTimes, playTimes } from '../settings/phone.ts';
import type { ChannelAnswer, Verdict } from './channel.ts';
import { defineTencent } from './tencent.ts';

interface Own {
  /** How often the text is read out, 1 to 3. */
  readonly play_times: number;
}

/** Calls by SendTtsVoice of Tencent Cloud: https://cloud.tencent.com/document/api/1128/51558 */
export const voiceTencent = defineTencent<Own>({
  name: 'voice_tencent',
  api: { host: 'vms.tencentcloudapi.com', service: 'vms', action: 'SendTtsVoice', version: '2020-09-02' },
  ownKeys: ['play_times'],
  parseOwn: (field) => ({ play_times: optional(field('play_times'), playTimes) ?? defaultPlayTimes }),
  bodyFor: (number, { template_id, sdk_app_id, play_times }, variables) => ({
    TemplateId: template_id,
    CalledNumber: number,
    VoiceSdkAppid: sdk_app_id,
    TemplateParamSet: variables,
    PlayTimes: play_times,
  }),
  judge,
});

function judge(answer: ChannelAnswer): Verdict {
  const answered = tencentResponse(answer);
  if ('verdict' in answered) return answered.verdict;
  const callId = wordsOf(fieldsIn(answered.response['SendStatus'])['CallId']);
  return callId === '' ? failedFor('Tencent Cloud answered without a CallId') : delivered;
}
