import {
  type Answered,
  type AnswerForm,
  nothingTold,
  sendJson,
  textOf,
  toldByPieces,
  toldWhole,
  wordOf,
} from './answer-form.ts';
import type { Token } from './batch.ts';

/** An answer of POST /v1/chat/completions. Only vLLM has usage in every piece. */
export function openAiAnswer(answered: Answered, hasContinuousUsage: boolean): AnswerForm {
  return answered.request.isStream ? streamed(answered, hasContinuousUsage) : whole(answered);
}

function whole(answered: Answered): AnswerForm {
  const { response, id, modelName, request, now } = answered;
  const { answerTokens } = request;
  return {
    write: ({ isLast }) => {
      if (!isLast) return;
      const message = { role: 'assistant', content: textOf(answerTokens) };
      sendJson(response, 200, {
        id,
        object: 'chat.completion',
        created: Math.floor(now()),
        model: modelName,
        choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(answered) }],
        usage: usageAfter(answered, answerTokens, true),
      });
    },
    toldAfter: (generated) => (generated < answerTokens ? nothingTold : toldWhole(answered)),
  };
}

function streamed(answered: Answered, hasContinuousUsage: boolean): AnswerForm {
  const { response, id, modelName, request, now } = answered;
  const created = Math.floor(now());
  const tellsAlways = hasContinuousUsage && request.wantsUsage && request.wantsContinuousUsage;

  function send(choices: readonly object[], usage: object | undefined): void {
    const event = { id, object: 'chat.completion.chunk', created, model: modelName, choices, ...(usage && { usage }) };
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  function piece(delta: object, token: Token, finish: string | null): void {
    const usage = tellsAlways ? usageAfter(answered, token.number, false) : undefined;
    send([{ index: 0, delta, logprobs: null, finish_reason: finish }], usage);
  }

  return {
    write: (token) => {
      if (token.number === 1) {
        response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
        piece({ role: 'assistant', content: '' }, { number: 0, isLast: false }, null);
      }
      piece({ content: wordOf(token.number) }, token, token.isLast ? finishOf(answered) : null);
      if (!token.isLast) return;
      if (request.wantsUsage) send([], usageAfter(answered, token.number, true));
      response.end('data: [DONE]\n\n');
    },
    toldAfter: (generated) => {
      if (generated >= request.answerTokens && request.wantsUsage) return toldWhole(answered);
      if (generated === 0 || !tellsAlways) return toldByPieces(generated);
      return { ...nothingTold, input: request.promptTokens.length, generated };
    },
  };
}

function finishOf({ request }: Answered): 'length' | 'stop' {
  return request.isCutOff ? 'length' : 'stop';
}

function usageAfter({ request, cachedTokens }: Answered, generated: number, isLast: boolean): object {
  const prompt = request.promptTokens.length;
  return {
    prompt_tokens: prompt,
    total_tokens: prompt + generated,
    completion_tokens: generated,
    ...(isLast ? { prompt_tokens_details: { cached_tokens: cachedTokens } } : {}),
  };
}
