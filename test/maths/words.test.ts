import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fastStream } from '#maths/random.ts';
import { clusters } from '#maths/scatter/clusters.ts';
import { WordCounts, wordsOf } from '#maths/words.ts';

describe('words', () => {
	it.each([
		['The cat, the CAT’s 9 lives — and state-of-the-art', ['the', 'cat', 'cat’s', 'lives', 'and', 'state-of-the-art']],
		['Größe, Ελλάδα, дом', ['größe', 'ελλάδα', 'дом']],
		['ﬁle_name42.png', ['file', 'name42.png']],
		['東京都に住む', ['東京', '都', 'に', '住む']],
		['', []]
	])('of %s', (text, expected) => {
		const found = wordsOf(text);
		for (const word of expected) expect(found).toContain(word);
		if (!expected.length) expect(found.size).toBe(0);
		expect([...found].every((word) => /\p{L}/u.test(word))).toBe(true);
	});

	it('that tell a planted group are found; those that are everywhere, and rare ones, are not', () => {
		const { uniform, below } = fastStream(4, 'layout');
		const counts = new WordCounts(3);
		const planted = [
			['engine', 'wheel'],
			['violin', 'cello'],
			['yeast', 'flour']
		];
		for (let i = 0; i < 1500; i++) {
			const group = i % 4 === 3 ? -1 : i % 3;
			const words = new Set(['the', 'of']);
			if (uniform() < 0.5) words.add('and');
			words.add(`rare${i}`).add(`common${below(40)}`);
			planted.forEach((own, g) =>
				own.forEach((word, n) => uniform() < (g === group ? 0.5 - 0.2 * n : 0.03) && words.add(word))
			);
			if (group === 0 && words.has('engine')) words.add('engines');
			counts.add(group, words);
		}
		const tellingWords = counts.telling(3);
		expect(tellingWords.map((all) => all.map(({ word }) => word))).toEqual([
			expect.arrayContaining(['wheel']),
			['violin', 'cello'],
			['yeast', 'flour']
		]);
		// One of the two forms.
		expect(tellingWords[0]!.filter(({ word }) => word.startsWith('engine'))).toHaveLength(1);
		expect(tellingWords[1]![0]!.share).toBeCloseTo(0.5, 1);
	});

	it('have the z of the paper', () => {
		const counts = new WordCounts(1);
		for (let i = 0; i < 100; i++) counts.add(i < 20 ? 0 : -1, i < 10 || i >= 95 ? ['word'] : ['other']);
		const prior = (50 * 15) / 100;
		const [inside, outside] = [
			Math.log((10 + prior) / (20 + 50 - 10 - prior)),
			Math.log((5 + prior) / (80 + 50 - 5 - prior))
		];
		const z = (inside - outside) / Math.sqrt(1 / (10 + prior) + 1 / (5 + prior));
		expect(counts.telling(1, 0)[0]![0]!.z).toBeCloseTo(z, 12);
	});
});

const real = process.env['VITRINE_DATA'];

describe.skipIf(!real)('words of 7,500 questions to an assistant, of ten domains', () => {
	it('name the domains, and are none that a list of stop words would have to take away', () => {
		const read = (name: string) => JSON.parse(readFileSync(join(real!, 'text', 'clinc150', name), 'utf8')) as unknown;
		const domains = read('domains.json') as Record<string, string[]>;
		const { train } = read('data_small.json') as { train: [text: string, intent: string][] };
		const names = Object.keys(domains);
		const of = new Map(names.flatMap((name, k) => domains[name]!.map((intent) => [intent, k] as const)));
		const counts = new WordCounts(names.length);
		for (const [text, intent] of train) counts.add(of.get(intent) ?? -1, wordsOf(text));
		const wordsByGroup = new Map(counts.telling(3).map((own, k) => [names[k], own.map(({ word }) => word)]));
		expect(wordsByGroup.get('banking')).toEqual(['account', 'bill', 'routing']);
		expect(wordsByGroup.get('credit_cards')).toEqual(['card', 'credit', 'score']);
		expect(wordsByGroup.get('travel')).toEqual(['flight', 'luggage', 'travel']);
		expect(wordsByGroup.get('auto_and_commute')).toEqual(['oil', 'tires', 'traffic']);
		// In talk about itself, "you" is what tells.
		const all = [...wordsByGroup].filter(([name]) => name !== 'small_talk').flatMap(([, words]) => words);
		for (const word of ['my', 'the', 'at', 'in', 'to', 'for', 'on', 'your']) expect(all).not.toContain(word);
	});
});

describe('clusters', () => {
	const { normal, uniform } = fastStream(2, 'layout');
	/** @returns positions and what was planted */
	function blobs(sizes: readonly (readonly [count: number, x: number, y: number, spread: number])[], strays: number) {
		const at: number[] = [];
		const planted: number[] = [];
		sizes.forEach(([count, x, y, spread], k) => {
			for (let i = 0; i < count; i++) {
				at.push(x + spread * normal(), y + spread * normal());
				planted.push(k);
			}
		});
		for (let i = 0; i < strays; i++) {
			at.push(2 * uniform() - 1, 2 * uniform() - 1);
			planted.push(-1);
		}
		return { positions: Float32Array.from(at), planted };
	}
	/** Share of points whose group is the one that most of their planted group have. */
	function agreement(codes: Int32Array, planted: readonly number[]): number {
		const groups = [...new Set(planted)].filter((k) => k >= 0);
		let right = 0;
		const used = new Set<number>();
		for (const k of groups) {
			const counts = new Map<number, number>();
			planted.forEach(
				(own, i) => own === k && codes[i]! >= 0 && counts.set(codes[i]!, (counts.get(codes[i]!) ?? 0) + 1)
			);
			const [best] = [...counts].sort((a, b) => b[1] - a[1]);
			if (!best || used.has(best[0])) continue;
			used.add(best[0]);
			right += best[1];
		}
		return right / planted.filter((k) => k >= 0).length;
	}

	it.each([
		[300, 5],
		[3000, 60],
		[60_000, 600]
	])('of %i points are those that were planted, of unlike crowding', (count, strays) => {
		const part = (share: number) => Math.round(share * count);
		const { positions, planted } = blobs(
			[
				[part(0.4), -0.6, 0.5, 0.09],
				[part(0.3), 0.5, 0.6, 0.06],
				[part(0.2), 0.1, -0.5, 0.1],
				[part(0.1), 0.75, -0.6, 0.05]
			],
			strays
		);
		const found = clusters(positions, 60);
		expect(found.count).toBe(4);
		expect(agreement(found.codes, planted)).toBeGreaterThan(0.95);
		expect(found.codes.indexOf(0)).toBeLessThan(part(0.4));
	});

	it('one round blob is one, and so is a long ring', () => {
		expect(clusters(blobs([[2000, 0, 0, 0.3]], 0).positions, 60).count).toBe(1);
		const ring = Float32Array.from(
			{ length: 8000 },
			(_, i) => (i % 2 ? Math.sin(i >> 1) : Math.cos(i >> 1)) * 0.8 + 0.04 * normal()
		);
		expect(clusters(ring, 60).count).toBe(1);
	});

	it('points without a position are in none', () => {
		const { positions } = blobs([[200, 0, 0, 0.1]], 0);
		positions[0] = 1e6;
		expect(clusters(positions, 9).codes[0]).toBe(-1);
		expect(clusters(new Float32Array(0), 9).count).toBe(0);
	});
});
