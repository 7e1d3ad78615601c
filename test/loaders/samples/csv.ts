import type { Samples } from '../samples.ts';

const rows = Array.from({ length: 24 }, (_, i) => ({
	x: i / 4,
	y: (i * 7) % 5,
	kind: ['ash', 'beech', 'oak'][i % 3]!
}));

const samples: Samples = {
	cut: 'shorter',
	files: {
		commas: () => ({
			'trees.csv': `id,height,"girth, m",kind,note\n${rows.map(({ x, y, kind }, i) => `${i},${x},${y},${kind},"said ""${kind}"""`).join('\n')}\n`
		}),
		semicolons: () => ({
			'trees.csv': `\ufeffhöhe;umfang;art\r\n${rows.map(({ x, y, kind }) => `${String(x).replace('.', ',')};${y};${kind}`).join('\r\n')}\r\n`
		}),
		tabs: () => ({ 'trees.tsv': `a\tb\tkind\n${rows.map(({ x, y, kind }) => `${x}\t${y}\t${kind}`).join('\n')}` }),
		gaps: () => ({
			'gaps.csv': `a,b,when,label\n${rows.map(({ x, y }, i) => `${i % 5 ? x : ''},${y ? y : 'NA'},2024-01-${String(i + 1).padStart(2, '0')},${i % 2}`).join('\n')}\n`
		})
	}
};

export default samples;
