/**
 * Which encoding a few foreign words are most likely in. Detectors count bytes of long texts; a table has some words only,
 * among numbers. They say enough: letters stand where a language puts them, and capitals begin words.
 */

/** Letters of several alphabets, the commonest first. */
interface Alphabet {
	encodings: readonly string[];
	common: string;
	further: string;
	/** Whether words of it hold English letters, too. */
	latin: boolean;
}

const ALPHABETS: readonly Alphabet[] = [
	// Of two that explain all letters alike the first one is taken.
	{ encodings: ['windows-1252'], common: 'äöüßéèêëàâáãåæçíîïñóôõøœúûù', further: '¡¿ºª', latin: true },
	{
		encodings: ['windows-1250', 'iso-8859-2'],
		common: 'ąćęłńóśźżáčďéěíňřšťúůýžőűöüäăâîđ',
		further: 'ľĺŕôçëż',
		latin: true
	},
	{ encodings: ['windows-1254'], common: 'ğışçöüâî', further: 'é', latin: true },
	{ encodings: ['windows-1257'], common: 'āčēģīķļņšūžąęėįųõäöü', further: 'óé', latin: true },
	{ encodings: ['macintosh'], common: 'äöüßéèêëàâáãåæçíîïñóôõøœúûù', further: '¡¿', latin: true },
	{
		encodings: ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866'],
		common: 'оеаинтсрвл',
		further: 'кмдпуяыьгзёі',
		latin: false
	},
	{ encodings: ['windows-1253', 'iso-8859-7'], common: 'αοιετσνηυρ', further: 'πκμλςόίάέήύώ', latin: false }
];

/** How likely a character of two bytes is, by the first of them: the common ones lie together. */
interface Pairs {
	encoding: string;
	weights: readonly (readonly [from: number, to: number, weight: number])[];
	/** Least second byte. */
	second: number;
	/** Bytes that are a letter by themselves, rare. */
	alone: readonly [from: number, to: number] | null;
}

const pairs = (encoding: string, second: number, alone: Pairs['alone'], ...weights: Pairs['weights']): Pairs => ({
	...{ encoding, second, alone, weights }
});

const PAIRS: readonly Pairs[] = [
	pairs('shift_jis', 0x40, [0xa1, 0xdf], [0x82, 0x83, 1], [0x88, 0x97, 0.95], [0x81, 0x81, 0.7], [0x98, 0xef, 0.5]),
	pairs('euc-jp', 0xa1, null, [0xa4, 0xa5, 1], [0xb0, 0xcf, 0.93], [0xa1, 0xa3, 0.7], [0xd0, 0xf4, 0.3]),
	pairs('euc-kr', 0xa1, null, [0xb0, 0xc8, 0.96], [0xa1, 0xa3, 0.6], [0xca, 0xfd, 0.2]),
	pairs('gb18030', 0xa1, null, [0xb0, 0xd7, 0.94], [0xa1, 0xa3, 0.7], [0xd8, 0xf7, 0.3]),
	pairs('big5', 0x40, null, [0xa4, 0xc6, 0.92], [0xa1, 0xa3, 0.6], [0xc9, 0xf9, 0.4])
];

/** Below, none of them explains the words. */
const MIN_SCORE = 0.6;
const MAX_WORDS = 2000;
/** Bytes of those with two for a character that may belong to none. */
const CUT = 0.01;

const isAscii = (byte: number | undefined) =>
	byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));

/** Runs of letters with one beyond ASCII, each once. */
export function foreignWords(bytes: Uint8Array): Uint8Array[] {
	const words = new Map<string, Uint8Array>();
	let [from, foreign] = [0, false];
	for (let i = 0; i <= bytes.length && words.size < MAX_WORDS; i++) {
		const byte = bytes[i] ?? 0x20;
		if (byte >= 0x80) foreign = true;
		else if (!isAscii(byte)) {
			const word = bytes.subarray(from, i);
			if (foreign) words.set(String.fromCharCode(...word.subarray(0, 200)), word);
			[from, foreign] = [i + 1, false];
		}
	}
	return [...words.values()];
}

const isLetter = (c: string | undefined) => c !== undefined && c.toLowerCase() !== c.toUpperCase();
const isUpper = (c: string) => c !== c.toLowerCase();
/** Marks that stand beside letters. */
const BESIDE = '’‘“”„«»–—…\u00a0';

function alphabetScore(words: readonly string[], { common, further, latin }: Alphabet): number {
	let [sum, count, own, plain] = [0, 0, 0, 0];
	for (const word of words)
		for (let i = 0; i < word.length; i++) {
			const c = word[i]!;
			if (c.charCodeAt(0) < 0x80) {
				plain++;
				continue;
			}
			count++;
			const [before, after] = [word[i - 1], word[i + 1]];
			const beside = [before, after].filter(isLetter) as string[];
			if (!isLetter(c)) {
				sum += BESIDE.includes(c) ? 0.7 : beside.length ? 0.1 : 0.6;
				continue;
			}
			own++;
			const lower = c.toLowerCase();
			if (isUpper(c) && before && isLetter(before) && !isUpper(before)) sum += 0.1;
			else if (!latin && beside.some((one) => one.charCodeAt(0) < 0x80)) sum += 0.1;
			else sum += common.includes(lower) ? 1 : further.includes(lower) ? 0.7 : 0.3;
		}
	if (!count) return 0;
	// Words of English letters with some others among them; but for those, a few letters only.
	const foreign = own / Math.max(1, own + plain);
	return (sum / count) * (latin && own > 3 && foreign > 0.6 ? 0.3 : 1);
}

/** 0 where they cannot be of it. */
function pairScore(words: readonly Uint8Array[], { weights, second, alone }: Pairs): number {
	let [sum, count, bad] = [0, 0, 0];
	for (const word of words)
		for (let i = 0; i < word.length; i++) {
			const byte = word[i]!;
			if (byte < 0x80) continue;
			count++;
			if (alone && byte >= alone[0] && byte <= alone[1]) {
				sum += 0.15;
				continue;
			}
			const next = word[i + 1];
			const weight = weights.find(([from, to]) => byte >= from && byte <= to)?.[2];
			if (next === undefined || next < second || next === 0x7f || weight === undefined) {
				bad++;
				continue;
			}
			const mixed = isAscii(word[i - 1]) || isAscii(word[i + 2]);
			sum += weight * (mixed ? 0.4 : 1);
			i++;
		}
	// What is read may end within a character.
	return count && bad <= CUT * count ? sum / count : 0;
}

/**
 * @param decode a text, or null where the bytes are none in this encoding
 * @returns a name that browsers know; null where nothing explains the words
 */
export function likelyEncoding(
	bytes: Uint8Array,
	decode: (encoding: string, bytes: Uint8Array) => string | null
): string | null {
	const words = foreignWords(bytes);
	let best = { encoding: '', score: MIN_SCORE };
	const offer = (encoding: string, score: number) => {
		if (score > best.score + 1e-9) best = { encoding, score };
	};
	for (const alphabet of ALPHABETS)
		for (const encoding of alphabet.encodings) {
			const texts = words.map((word) => decode(encoding, word));
			if (!texts.includes(null)) offer(encoding, alphabetScore(texts as string[], alphabet));
		}
	for (const pairs of PAIRS) offer(pairs.encoding, pairScore(words, pairs));
	return best.encoding || null;
}
