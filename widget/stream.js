// Server-sent events read with fetch, because EventSource cannot send a bearer header and a token must never be in a URL.
// Falls back to long polling where something between us and the server holds streams back.

const SILENCE = 40_000; // ms; the server sends a ping every 15 s
const BACKOFF = 30_000; // ms; the longest wait between two tries
const PATIENCE = 60_000; // ms; how long polling lasts before a stream is tried again; doubles up to ten minutes

export const sleep = (ms, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});

/** Full jitter: every client waits another time, so that a restarted server is not met by all at once. */
export const backoff = (tries) => 300 + Math.random() * Math.min(BACKOFF, 700 * 2 ** tries);

/** Yields `{event, data, id}` of a text/event-stream body, and `null` for pings. */
export async function* parse(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer = (buffer + value).replace(/\r\n?(?!$)/g, '\n');
    const blocks = buffer.split('\n\n');
    buffer = blocks.pop();
    for (const block of blocks) {
      const event = { event: 'message', data: '', id: null };
      for (const line of block.split('\n')) {
        const [, field, text] = /^([^:]*):? ?(.*)$/.exec(line);
        if (field === 'data') event.data += (event.data && '\n') + text;
        else if (field) event[field] = text;
      }
      yield event.data ? event : null;
    }
  }
}

/**
 * Keeps listening until `signal` aborts. `call(path, options)` is an authorised fetch that throws on an error status,
 * `last()` the newest seq known, `take(event, data)` gets what came, `line(up)` whether the server is reached.
 * An error with `status` 401 or 404 ends it: the conversation is gone.
 */
export async function listen({ path, call, last, take, line, signal }) {
  let tries = 0;
  let quiet = 0; // streams in a row that brought nothing
  let pollUntil = 0;
  let patience = PATIENCE;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener('abort', stop);
    let alarm;
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(stop, SILENCE);
    };
    const polling = Date.now() < pollUntil;
    try {
      heard();
      if (polling) {
        const answer = await call(`${path}/messages?after=${last()}&wait=25`, { signal: attempt.signal });
        for (const message of (await answer.json()).messages) take('message', message);
        line(true);
        tries = 0;
        continue;
      }
      quiet += 1;
      const answer = await call(`${path}/events`, { signal: attempt.signal, headers: { 'Last-Event-ID': String(last()) } });
      line(true);
      for await (const event of parse(answer.body)) {
        heard();
        tries = quiet = 0;
        patience = PATIENCE;
        if (event) take(event.event, JSON.parse(event.data));
      }
    } catch (error) {
      if (signal.aborted) break;
      if ([401, 404].includes(error.status)) throw error;
      if (polling) pollUntil = 0;
      line(false, error);
      if (error.retryAfter) await sleep(error.retryAfter * 1000, signal);
    } finally {
      clearTimeout(alarm);
      signal.removeEventListener('abort', stop);
    }
    if (quiet > 1) {
      quiet = 0;
      pollUntil = Date.now() + patience;
      patience = Math.min(2 * patience, 600_000);
    }
    await sleep(backoff(tries++), signal);
  }
}
