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

/** An answer of POST /api/chat: lines of JSON, of which the last tells the usage. */
export function ollamaAnswer(answered: Answered): AnswerForm {
  const { response, modelName, request, now } = answered;
  const { isStream, promptTokens, answerTokens } = request;
  const startedAt = now();

  function event(content: string, rest: object): object {
    const created = new Date(now() * 1000).toISOString();
    return { model: modelName, created_at: created, message: { role: 'assistant', content }, ...rest };
  }

  function last(content: string): object {
    return event(content, {
      done: true,
      done_reason: request.isCutOff ? 'length' : 'stop',
      total_duration: Math.round((now() - startedAt) * 1e9),
      prompt_eval_count: promptTokens.length,
      eval_count: answerTokens,
    });
  }

  return {
    write: (token) => {
      if (!isStream) {
        if (token.isLast) sendJson(response, 200, last(textOf(answerTokens)));
        return;
      }
      if (token.number === 1) response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      response.write(`${JSON.stringify(event(wordOf(token.number), { done: false }))}\n`);
      if (token.isLast) response.end(`${JSON.stringify(last(''))}\n`);
    },
    toldAfter: (generated) => {
      // Ollama does not say what came from its cache.
      if (generated >= answerTokens) return { ...toldWhole(answered), cached: 0 };
      return isStream ? toldByPieces(generated) : nothingTold;
    },
  };
}
