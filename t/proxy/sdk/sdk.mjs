// sdk.mjs - what the vendors' SDKs see behind hr-proxy, and without it
//
//	node sdk.mjs DIRECT-URL PROXY-URL
//
// Each case runs against both; the values that come back, errors too, must
// be the same.  Prints the names of the cases; exit 1 if one differs.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const [direct, proxy] = process.argv.slice(2);

// What a tool returns: many records, of which one stands out.
const pods = JSON.stringify(Array.from({ length: 200 }, (_, i) => ({
	name: `web-${1000 + i}`, namespace: 'shop',
	phase: i === 117 ? 'CrashLoopBackOff' : 'Running',
	restarts: i === 117 ? 42 : 0, note: 'Köln 😀' })));

const anthropic = (url) => new Anthropic({ baseURL: url, apiKey: 'made',
	maxRetries: 0, defaultHeaders: { 'user-agent': 'claude-cli/2.1.330' } });
const openai = (url) => new OpenAI({ baseURL: url + '/v1', apiKey: 'made',
	maxRetries: 0, defaultHeaders: { 'user-agent': 'opencode/1.2.3' } });

const collect = async (stream) => {
	const all = [];
	for await (const event of stream)
		all.push(event);
	return all;
};

// What is asked for the answer, in a header that the upstream obeys.
const script = (answer) => ({ headers: {
	'x-script': JSON.stringify(answer) } });

// The error that a promise ends with, as far as it is the server's.
const failure = async (promise) => {
	try {
		await promise;
	} catch (e) {
		return { name: e.constructor.name, status: e.status,
			error: e.error, retry: e.headers?.get('retry-after') };
	}
	return 'no error';
};

const hello = [{ role: 'user', content: 'Héllo 😀' }];
const message = { model: 'made-1', max_tokens: 99, messages: hello };
const chat = { model: 'made-1', messages: hello };
const response = { model: 'made-1', input: 'Héllo 😀' };
const schema = { type: 'object', properties: { what: { type: 'string' } } };

const cases = {
	'messages': (url) => anthropic(url).messages.create(message),
	'messages as a stream': async (url) =>
		collect(await anthropic(url).messages.create(
			{ ...message, stream: true })),
	'messages by the helper': (url) =>
		anthropic(url).messages.stream(message).finalMessage(),
	'messages with a tool': async (url) => {
		const c = anthropic(url);
		const tools = [{ name: 'pods', input_schema: schema }];
		const first = await c.messages.create({ ...message, tools });
		const call = first.content.at(-1);
		const again = [...hello,
			{ role: 'assistant', content: first.content },
			{ role: 'user', content: [{ type: 'tool_result',
				tool_use_id: call.id, content: pods }] }];
		return [first, await c.messages.stream(
			{ ...message, tools, messages: again }).finalMessage()];
	},
	'count_tokens': (url) => anthropic(url).messages.countTokens(
		{ model: 'made-1', messages: hello }),
	'models of one': (url) => anthropic(url).models.list()
		.then((page) => page.data),
	'messages refused': (url) => failure(anthropic(url).messages.create(
		message, script({ status: 529, headers: [['retry-after', '3']],
			json: { type: 'error', error: {
				type: 'overloaded_error', message: 'no' } } }))),
	'messages cut': async (url) => (await failure(collect(
		await anthropic(url).messages.create({ ...message, stream: true },
			script({ body: 'event: ping\ndata: {"type":"ping"}\n\n'
				.repeat(99), chunked: true, headers: [
				['content-type', 'text/event-stream']],
				break: ['body', 'close'] }))))) !== 'no error',
	'chat': (url) => openai(url).chat.completions.create(chat),
	'chat as a stream': async (url) => collect(
		await openai(url).chat.completions.create({ ...chat,
			stream: true, stream_options: { include_usage: true } })),
	'chat without usage': async (url) => collect(
		await openai(url).chat.completions.create(
			{ ...chat, stream: true })),
	'chat with a tool': async (url) => {
		const c = openai(url);
		const tools = [{ type: 'function', function: {
			name: 'pods', parameters: schema } }];
		const first = await c.chat.completions.create({ ...chat, tools });
		const said = first.choices[0].message;
		const again = [...hello, said, { role: 'tool', content: pods,
			tool_call_id: said.tool_calls[0].id }];
		return [first, await collect(await c.chat.completions.create(
			{ ...chat, tools, messages: again, stream: true }))];
	},
	'chat refused': (url) => failure(openai(url).chat.completions.create(
		chat, script({ status: 429, headers: [['retry-after', '3']],
			json: { error: { message: 'no', code: 'x' } } }))),
	'models of the other': (url) => openai(url).models.list()
		.then((page) => page.data),
	'responses': (url) => openai(url).responses.create(response),
	'responses as a stream': async (url) => collect(
		await openai(url).responses.create(
			{ ...response, stream: true })),
	'responses with a tool': async (url) => {
		const c = openai(url);
		const tools = [{ type: 'function', name: 'pods', strict: false,
			parameters: schema }];
		const first = await c.responses.create({ ...response, tools });
		const again = [...hello, ...first.output,
			{ type: 'function_call_output', output: pods,
				call_id: first.output[0].call_id }];
		return [first, await c.responses.create(
			{ ...response, tools, input: again })];
	},
};

// Ids of requests count upwards, so they differ; and so do clients.
const plain = (value) => JSON.parse(JSON.stringify(value,
	(key, v) => key === '_request_id' ? undefined : v));

let bad = 0;
for (const [name, run] of Object.entries(cases)) {
	const want = plain(await run(direct));
	const got = plain(await run(proxy));
	try {
		assert.deepStrictEqual(got, want);
		assert.ok(want !== null && want !== 'no error');
		console.log('%s: the same', name);
	} catch (e) {
		console.log('%s: %s', name, e.message);
		bad++;
	}
}
process.exit(bad > 0 ? 1 : 0);
