// tiktoken.mjs - the reference: counts tokens of files with npm's tiktoken
//
//	node t/tiktoken.mjs ENCODING FILE ...
//
// Prints "TOKENS FILE" a line.  Needs `npm ci` in t/npm.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('npm/', import.meta.url));
const { get_encoding } = require('tiktoken');
const [name, ...files] = process.argv.slice(2);
const encoding = get_encoding(name);

for (const f of files) {
	// encode_ordinary takes special tokens as text.
	const text = fs.readFileSync(f).toString('utf8');
	console.log(encoding.encode_ordinary(text).length, f);
}
