// Server-sent events read with fetch, because EventSource cannot send a bearer header and a token must never be in a URL.
// Long polling stands in where something between us and the server holds streams back.

const SILENCE = 40_000; // ms; the server pings every 15 s
const BACKOFF = 30_000; // ms
const PATIENCE = 60_000; // ms of polling before a stream is tried again; doubles up to ten minutes

export const sleep = (ms, signal) => new Promise((done) => {
  setTimeout(done, ms);
  signal?.addEventListener('abort', done);
});

/** Full jitter: every client waits another time, so a restarted server is not met by all at once. */
export const backoff = (tries) => 300 + Math.random() * Math.min(BACKOFF, 700 * 2 ** tries);

/** Yields `{event, data}` of a text/event-stream body, and `{event}` alone for pings. */
async function* parse(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (buffer + value).split('\n\n');
    buffer = blocks.pop();
    for (const block of blocks) {
      yield { event: /^event: ?(.*)$/m.exec(block)?.[1], data: /^data: ?(.*)$/m.exec(block)?.[1] };
    }
  }
}

/**
 * Listens until `signal` aborts. `call(path, options)` is an authorised fetch that throws on an error status, `last()` the
 * newest seq known, `take(event, data)` gets what came, `line(error)` hears null when the server is reached.
 * Throws on 401 and 404: the conversation is gone.
 */
export async function listen({ path, call, last, take, line, signal }) {
  let tries = 0;
  let quiet = 0; // streams in a row that brought nothing
  let pollUntil = 0;
  let patience = PATIENCE;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const polling = Date.now() < pollUntil;
    const stop = () => attempt.abort();
    let alarm;
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(stop, SILENCE);
    };
    const options = { signal: attempt.signal, headers: { 'Last-Event-ID': last() } };
    signal.addEventListener('abort', stop);
    heard();
    try {
      if (polling) {
        const { messages, ...now } = await (await call(`${path}/messages?after=${last()}&wait=25`, options)).json();
        messages.forEach((message) => take('message', message));
        take('state', now);
        line(null);
        tries = 0;
        continue;
      }
      quiet += 1;
      const { body } = await call(`${path}/events`, options);
      line(null);
      for await (const { event, data } of parse(body)) {
        heard();
        tries = quiet = 0;
        patience = PATIENCE;
        if (data) take(event, JSON.parse(data));
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401 || error.status === 404) throw error;
      if (polling) pollUntil = 0;
      line(error);
      await sleep(1000 * (error.retryAfter ?? 0), signal);
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
