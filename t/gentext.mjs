// gentext.mjs - writes texts to count, the same each time
//
//	node t/gentext.mjs DIR COUNT [KILOBYTES]
//
// COUNT files DIR/NNN, of all that a splitter and a merger may trip over:
// scripts, code, white space, contractions, numbers, emoji, marks, bytes that
// are not UTF-8, special tokens.
import fs from 'node:fs';
import path from 'node:path';

const [dir, count, kilobytes = '2'] = process.argv.slice(2);
let state = 1;

function rnd(below)
{
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return (state >>> 8) % below;
}

const pick = (a) => a[rnd(a.length)];
const times = (n, f) => Array.from({ length: n }, f).join('');
const from = (lo, n) => () => String.fromCodePoint(lo + rnd(n));

const words = ('the quick brown fox jumps over the lazy dog and returns ' +
    'error WARNING Exception getUserById HTTPServer parse_json camelCase ' +
    'naïve façade Straße Ünïcödé encyclopedia antidisestablishmentarianism ' +
    'слово ελληνικά שלום مرحبا नमस्ते 한국어 日本語 中文 ภาษาไทย').split(' ');
const blanks = [' ', ' ', ' ', '  ', '\t', '\n', '\r\n', '\n\n', ' \n', '    ',
    '\n\t\t', '\u00a0', '\u3000', '\u2028', '\v', '\f', '\u0085', ' \r'];
const shorts = ["'s", "'T", "'re", "'VE", "'ll", "'d", "'ſ", "'x", "'", "''s"];
const specials = ['<|endoftext|>', '<|fim_prefix|>', '<|im_start|>',
    '<|endofprompt|>'];
const signs = ['.', ',', '::', '->', '/', '//', '/*', '*/', '({', '});', '"',
    '="', '----------', '====', '…', '—', '€', '\u0000', '\u007f', '#', '\ufeff'];
const bad = [[0xff], [0xc3], [0xe2, 0x80], [0xf0, 0x9f, 0x98], [0xed, 0xa0,
    0x80], [0xc0, 0xaf], [0x80, 0x80], [0xf4, 0x90, 0x80, 0x80]];

const makers = [
	() => pick(words) + pick(blanks),
	() => ' ' + pick(words),
	() => pick(words) + pick(shorts) + pick(['', ' ', 'up']),
	() => pick(signs) + pick(['', ' ', '\n', '\r\n/', '\n/']),
	() => times(1 + rnd(12), () => rnd(10)) + pick(['', '.', ' ', '½', '٣']),
	() => times(1 + rnd(40), from(0x20, 95)),
	() => times(1 + rnd(30), from(0x61, 26)),
	() => times(1 + rnd(30), from(0x41, 58)),
	() => times(1 + rnd(12), from(0x4e00, 0x5200)),
	() => times(1 + rnd(12), from(0x3040, 0xc0)),
	() => times(1 + rnd(12), from(0x400, 0x100)),
	() => times(1 + rnd(6), from(0x1f300, 0x300)) + pick(['', '\u200d']),
	() => times(1 + rnd(4), () => pick(['e', 'N', '中']) + '\u0301'),
	() => times(1 + rnd(6), from(0, 0x250)),
	() => times(1 + rnd(4), from(1, 0xd7ff)),
	() => times(1 + rnd(3), from(0x10000, 0x1e000)),
	() => pick(specials),
	() => pick(blanks) + pick(blanks) + pick(blanks),
	() => pick(['a', ' ', '\n', '-', '=', '中', '0', 'A', '!']).repeat(rnd(90)),
	() => '  "' + pick(words) + '": [' + rnd(1e6) + ', null],\n',
	() => 'if (' + pick(words) + ' != NULL)\n\treturn -1;\n',
	() => Buffer.from(pick(bad)),
];

fs.mkdirSync(dir, { recursive: true });
for (let i = 0; i < Number(count); i++) {
	// Few kinds a file, so that they meet each other; without bad bytes in
	// half of them.
	const kinds = times(2 + rnd(8), () => String.fromCharCode(
	    rnd(makers.length - (i & 1)))).split('').map((c) =>
	    makers[c.charCodeAt(0)]);
	const parts = [];
	const want = 1 + rnd(Number(kilobytes) * 1024);
	for (let n = 0; n < want; n += parts.at(-1).length)
		parts.push(Buffer.from(pick(kinds)()), Buffer.from(' '.repeat(
		    rnd(12) === 0 ? 1 : 0) || 'x'.repeat(rnd(25) === 0 ? 1 : 0)),
		    Buffer.from(pick(kinds)()));
	fs.writeFileSync(path.join(dir, String(i).padStart(3, '0')),
	    Buffer.concat(parts));
}
