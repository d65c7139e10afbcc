/** Settings and secrets of one robot of each kind, as a site would write them. */
export const robotSettings: Readonly<Record<string, object>> = {
  dingtalk: { url_file: '/s/dingtalk', secret_file: '/s/sec', keyword: 'FleetLens' },
  feishu: { url_file: '/s/feishu', secret_file: '/s/sec' },
  wecom: { key_file: '/s/key' },
  teams: { url_file: '/s/teams' },
  sms_aliyun: {
    access_key_id_file: '/s/id',
    access_key_secret_file: '/s/sec',
    phone_numbers: ['13800000000', '13900000000'],
    sign_name: 'FleetLens',
    template_code: 'SMS_1',
    parameters: { title: 'title', where: 'where', time: 'time' },
  },
  sms_tencent: {
    secret_id_file: '/s/id',
    secret_key_file: '/s/sec',
    phone_numbers: ['+8613800000000'],
    sdk_app_id: '1400006666',
    sign_name: 'FleetLens',
    template_id: '1110',
    parameters: ['tag', 'where', 'summary'],
  },
  voice_aliyun: {
    access_key_id_file: '/s/id',
    access_key_secret_file: '/s/sec',
    phone_numbers: ['13800000000'],
    tts_code: 'TTS_1',
    parameters: { name: 'name', where: 'where' },
  },
  voice_tencent: {
    secret_id_file: '/s/id',
    secret_key_file: '/s/sec',
    phone_numbers: ['+8613800000000'],
    sdk_app_id: '1400006666',
    template_id: '4356',
    parameters: ['name', 'where'],
  },
  http: {
    url: 'https://gateway.example.com/send?key={{secret.key}}',
    headers: { Authorization: 'Bearer {{secret.key}}' },
    body: '{"to": "oncall", "title": "{{title}}", "text": "{{text}}"}',
    secrets: { key: '/s/key' },
    success: { json: 'code', equals: 0 },
  },
  webhook: { url: 'https://hook.example.com/alerts', secret_file: '/s/sec' },
};

export const robotSecrets: Readonly<Record<string, string>> = {
  '/s/dingtalk': 'https://oapi.dingtalk.com/robot/send?access_token=t0ken',
  '/s/feishu': 'https://open.feishu.cn/open-apis/bot/v2/hook/h00k',
  '/s/teams': 'https://prod-1.westeurope.logic.azure.com/workflows/w?sig=x',
  '/s/key': 'k3y',
  '/s/id': 'LTAIid',
  '/s/sec': 'SECsecret',
};
