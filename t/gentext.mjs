// gentext.mjs - writes texts to count, the same each time
//
//	node t/gentext.mjs DIR COUNT [KILOBYTES [plain]]
//
// COUNT files DIR/NNN, of all that a splitter and a merger may trip over:
// scripts, code, white space, contractions, numbers, emoji, marks, bytes that
// are not UTF-8, special tokens.
import fs from 'node:fs';
import path from 'node:path';

const [dir, count, kilobytes = '2', kind = ''] = process.argv.slice(2);
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

const common = ('the of and to in is that for it as was with be by on not he ' +
    'this are or his from at which but have an had they you were their one ' +
    'all we can her has there been if more when will would who so no said ' +
    'build test error warning failed request server file module function ' +
    'return value string number object array index connection timeout ' +
    'thread worker queue message handler config version package update ' +
    'install compile deploy container cluster node memory cache buffer').
    split(' ');
const word = () => pick(common);
const name = () => word() + pick(['_', '.', '', '-']) + word();
const hex = (n) => times(n, () => rnd(16).toString(16));
const plain = [
	() => times(8 + rnd(8), () => word() + ' ').trimEnd() + '.\n',
	() => `2026-11-${10 + rnd(20)}T1${rnd(10)}:${10 + rnd(50)}:${10 +
	    rnd(50)}.${100 + rnd(900)}Z ${pick(['INFO', 'WARN', 'ERROR'])} [${
	    name()}] ${word()} ${word()} id=${hex(8)} took ${rnd(5000)}ms\n`,
	() => `  {"id": ${rnd(1e6)}, "${name()}": "${word()} ${word()}", "hash":` +
	    ` "${hex(16)}", "ok": ${pick(['true', 'false'])}, "n": null},\n`,
	() => `\tif (${name()}(${word()}, ${rnd(100)}) != ${word()}) {\n` +
	    `\t\treturn ${word()}->${name()};\n\t}\n`,
	() => `/usr/lib/${name()}/${word()}.c:${rnd(900)}:${rnd(80)}: ` +
	    `error: '${name()}' ${word()} ${word()}\n`,
	() => `<li class="${name()}"><a href="/${word()}/${rnd(1e5)}">${word()} ` +
	    `${word()}</a></li>\n`,
];

fs.mkdirSync(dir, { recursive: true });
for (let i = 0; i < Number(count); i++) {
	// Few kinds a file, so that they meet each other; without bad bytes in
	// half of them.
	const kinds = kind === 'plain' ? [plain[i % plain.length]] : times(2 + rnd(8), () => String.fromCharCode(
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
