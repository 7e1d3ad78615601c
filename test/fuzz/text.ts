import { NAMES, NUMBERS, type Dice } from './dice.ts';

/** Changes to text that is made of words, numbers, marks and lines. */

type Change = (text: string, dice: Dice) => string;

/** Replaces one of what a pattern finds. */
function replaced(text: string, pattern: RegExp, dice: Dice, by: string): string {
	const found = [...text.matchAll(pattern)];
	if (!found.length) return text;
	const { index, 0: match } = dice.one(found);
	return text.slice(0, index) + by + text.slice(index + match.length);
}

const lined = (text: string, dice: Dice, change: (lines: string[], at: number) => void): string => {
	const lines = text.split('\n');
	change(lines, dice.below(lines.length));
	return lines.join('\n');
};

const MARKS = [
	',',
	';',
	'\t',
	'|',
	' ',
	'"',
	"'",
	'\n',
	'\r',
	'\r\n',
	'\ufeff',
	'\u0000',
	'#',
	',,,,,,,,',
	'"'.repeat(3)
];

const CHANGES: readonly Change[] = [
	(text, dice) => replaced(text, /-?\d+(?:\.\d+)?/g, dice, dice.one([...NUMBERS.map(String), 'NaN', 'inf', '0x1f', '1,5', '1e999', '9'.repeat(400), '-'])), // prettier-ignore
	(text, dice) => replaced(text, /[^\s,;"]+/g, dice, dice.one(NAMES)),
	(text, dice) => replaced(text, /[,;\t|"\n]/g, dice, dice.one(MARKS)),
	(text, dice) => {
		const at = dice.below(text.length + 1);
		return text.slice(0, at) + dice.one(MARKS) + text.slice(at);
	},
	(text, dice) => text.replaceAll(dice.one([',', '\t', ';', '\n', '"', '.']), dice.one(MARKS)),
	(text, dice) => lined(text, dice, (lines, at) => void lines.splice(at, 1)),
	(text, dice) => lined(text, dice, (lines, at) => void lines.splice(at, 0, lines[at]!)),
	(text, dice) => lined(text, dice, (lines, at) => void (lines[at] = lines[dice.below(lines.length)]!)),
	(text, dice) =>
		lined(
			text,
			dice,
			(lines, at) => void (lines[at] += dice.one([',', '\t', ',x', '"'.repeat(4)]).repeat(dice.one([1, 3, 30_000])))
		),
	(text, dice) => lined(text, dice, (lines, at) => void (lines[0] = lines[at]!)),
	(text, dice) => text.slice(0, dice.below(text.length + 1)),
	(text, dice) => text.repeat(dice.one([2, 3, 50]))
];

export function changedText(text: string, dice: Dice): string {
	let changed = text;
	for (let k = dice.below(3); k >= 0; k--)
		changed = dice
			.one(CHANGES)(changed, dice)
			.slice(0, 1 << 21);
	return changed;
}
