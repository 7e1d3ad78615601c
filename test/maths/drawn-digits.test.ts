import { describe, expect, it } from 'vitest';
import { drawnDigit, drawnDigits, SIDE } from '#maths/drawn-digits.ts';
import type { Random } from '#maths/random.ts';

/** A hand that is always at this share of what hands differ by. @param way 0..1: which of the ways to write a digit */
const hand = (share: number, way = 0): Random => ({
	bits: () => 0,
	below: () => 0,
	uniform: () => way,
	between: (low, high) => low + (high - low) * share,
	normal: () => 0
});

/** Four pixels a letter, side by side, as lines of text. */
function pictures(...all: readonly Uint8Array[]): string[] {
	const half = SIDE / 2;
	return Array.from({ length: half }, (_, y) =>
		all
			.flatMap((pixels) =>
				Array.from({ length: half }, (_, x) => {
					const sum = [0, 1, SIDE, SIDE + 1].reduce((s, at) => s + pixels[2 * (y * SIDE + x) + at]!, 0);
					return ' .+#'[Math.floor(sum / 256)];
				})
			)
			.join('')
			.trimEnd()
	);
}

describe('drawn digits', () => {
	// Looked at, and kept as they were: whoever changes a stroke sees which digit is another one now.
	it('are the ten that people write', () => {
		const drawn = Array.from({ length: 10 }, (_, digit) => drawnDigit(digit, hand(0.5)).pixels);
		expect(pictures(...drawn.slice(0, 7))).toEqual([
			'',
			'',
			'     +#+            ++          .##+.         .##+          +   +          ..++.           #+',
			'    +#+##          +##         .#+++#.       +#++##         #. .#         +####+          +#',
			'    #.  #+         ++#         .+   +#        .   #+        #  .#         #+             +#.',
			'   .#   .#          .#              +#            #.       .#  .#         ##+.           #+.',
			'   .#    #.         .#             .#.          +##        .#..+#..       #####.        +####',
			'   .#    #.         .#            .#+            .##       .######+       .   +#        #+  ##',
			'    #.   #.         .#           .#+               #.          .#              #.       #.  .#',
			'    +#  .#          .#           #+           .    #.          .#         ..  .#.       #+  .#',
			'     ##+#+          .#          #######.      ##++##           .#         +#++#+        .#++#+',
			'      +#+            #          ++++...        +++.            .#          .++.          .##+',
			'',
			''
		]);
		const ways = [0, 1, 4, 7].map((digit) => drawnDigit(digit, hand(0.5, 0.99)).pixels);
		expect(pictures(...drawn.slice(7), ...ways)).toEqual([
			'',
			'',
			'   ...++++         +++           +++            .             #              #.        ...++++',
			'   #######        +#+##         +#+##         +####.          #.            +#.        #######',
			'        #+        #.  #.        #.  #+       +#. .##          #.           .##+             #+',
			'        #.        #+  #+        #.  +#       #+    ##         #+           #+++             #.',
			'       .#         .####         +#..##       #.    .#         ++          +# +#          ..+#+',
			'       +#         +#++##         +###+       #.    .#         ++         .#+.+#..        ####+',
			'       #+         #.   #.           #+       +#    .#         +#         +#######          #+',
			'      .#          #.   #+           #.        ##  .#+         .#             .#           .#',
			'      +#          +#+.+#           .#          ####+          .#              #           +#',
			'      #+           .###.           +#            .             #              #           #+',
			'',
			''
		]);
	});

	it('slant, turn, stretch and wobble with the hand', () => {
		const two = [0, 0.25, 0.75, 1].map((share) => drawnDigit(2, hand(share)).pixels);
		const eight = [0, 1].map((share) => drawnDigit(8, hand(share)).pixels);
		expect(pictures(...two, ...eight)).toEqual([
			'',
			'',
			'                  +#+             .+++             .++.                         ..',
			' .++#+           ##.+#           ######.         +######  .++.                +####+',
			' +.. .#.         #   ++         .#.   ##        ###.. +#  #+.+#             .###+.##',
			'      #.             #.               +#        ..    .#   +#.+#.          .##.   ##',
			'      #             .#               ##+             +##     ##+#+         +##++###+',
			'     .+  +          #+             .##.           .+###.     #   #       +########.',
			'     +###.          #  ..         ##+           .####.       ++  #      +##+  .#+',
			'     ..            +#+##+       .##.          +###+           +##.      ##     ##',
			'                   ##+.        ###...       +###+                       ##.    ##',
			'                              +########    +###++.                      .####+##.',
			'                                .......     .+######+                     +####+',
			'                                                .++##'
		]);
	});

	it('come in turn, each by another hand, the same for a seed', () => {
		const drawn = drawnDigits(25, 3);
		expect(drawn.map(({ digit }) => digit)).toEqual(Array.from({ length: 25 }, (_, i) => i % 10));
		expect(drawnDigits(25, 3)).toEqual(drawn);
		expect(drawnDigits(25, 4)[3]!.pixels).not.toEqual(drawn[3]!.pixels);
		expect(drawn[13]!.pixels).not.toEqual(drawn[3]!.pixels);
		const many = drawnDigits(400, 1).map((one) => one.hand);
		const [slants, widths] = [many.map(({ slant }) => slant), many.map(({ width }) => width)];
		// Of so many uniform draws the outermost lie within 2 % of the ends.
		expect([Math.min(...slants), Math.max(...slants)].map((v) => Math.round(v * 20) / 20)).toEqual([-0.5, 0.3]);
		expect([Math.min(...widths), Math.max(...widths)].map((v) => Math.round(v * 500) / 500)).toEqual([0.036, 0.064]);
	});

	it('weigh and lie as the shipped model has learnt them', () => {
		const drawn = drawnDigits(400, 5);
		const sums = (digit: number) => {
			let [ink, x, y, spread] = [0, 0, 0, 0];
			for (const one of drawn)
				if (one.digit === digit)
					one.pixels.forEach((v, at) => {
						const [px, py] = [(at % SIDE) / SIDE, Math.floor(at / SIDE) / SIDE];
						ink += v / 255;
						x += (v / 255) * px;
						y += (v / 255) * py;
						spread += (v / 255) * (px - py) ** 2;
					});
			return [ink / 40, x / ink, y / ink, spread / ink].map((value) => Number(value.toFixed(4)));
		};
		// Ink, position and how far it lies off the diagonal, in the mean of forty hands; kept as they were when it learnt.
		expect(Array.from({ length: 10 }, (_, digit) => sums(digit))).toEqual([
			[126.0945, 0.4869, 0.4815, 0.0706],
			[60.6389, 0.485, 0.4562, 0.0434],
			[128.3793, 0.4924, 0.5058, 0.0713],
			[106.6231, 0.5126, 0.4752, 0.0689],
			[108.6666, 0.5035, 0.4749, 0.0427],
			[118.2033, 0.4765, 0.4846, 0.0574],
			[115.8382, 0.4884, 0.5235, 0.0591],
			[97.5036, 0.513, 0.4204, 0.068],
			[140.7524, 0.4837, 0.4877, 0.0626],
			[111.8272, 0.4925, 0.442, 0.0409]
		]);
	});

	it('are as light as ink: full in the middle of a stroke, none beside it', () => {
		for (const { pixels } of drawnDigits(20, 2)) {
			expect(Math.max(...pixels)).toBe(255);
			const inked = pixels.filter((v) => v > 0).length;
			expect(inked).toBeGreaterThan(40);
			expect(inked).toBeLessThan(0.45 * SIDE * SIDE);
		}
	});
});
