// h2.mjs - an upstream that speaks HTTP/2 alone: h2.mjs CERT KEY
//
// Prints its port.  POST: the body comes back, with the version, the length
// and the number of connections so far as headers.  GET /v1/files/N: N bytes.
import { createSecureServer } from 'node:http2';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [cert, key] = process.argv.slice(2).map((f) => readFileSync(f));
// Node refuses streams of a session that takes more memory, 10 MB by itself.
const server = createSecureServer({ cert, key, allowHTTP1: false,
	maxSessionMemory: 1000 });
let connections = 0;

server.on('session', () => connections++);
server.on('stream', (stream, headers) => {
	const parts = [];
	const path = headers[':path'];

	stream.on('error', () => {});
	stream.on('data', (d) => parts.push(d));
	stream.on('end', () => {
		let body = Buffer.concat(parts);
		const sum = createHash('sha256').update(body).digest('hex');
		if (headers[':method'] === 'GET')
			body = Buffer.alloc(Number(path.split('/').pop()), path);
		stream.respond({ ':status': 200, 'content-type': 'text/plain',
			'x-version': '2', 'x-sum': sum,
			'x-connections': String(connections),
			'x-key': headers['x-api-key'] ?? '' });
		stream.end(body);
	});
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
