import type { GraphNode, WeightInfo } from '#contracts/graph.ts';
import type { InitialDistribution } from '#contracts/weights.ts';
import { lastShape } from '#engine/model/outputs-last.ts';
import { isKernel } from '#methods/weights/shape.ts';
import { product } from '#maths/product.ts';

/** The distributions that kernels are drawn from: Glorot & Bengio 2010, He et al. 2015, LeCun et al. 1998, as Keras scales them. */

/** [in, out]: the numbers that meet in one output, and the outputs that one input reaches, as Keras counts them. */
export function fans(shape: readonly number[]): [fanIn: number, fanOut: number] {
	const field = product(shape.slice(0, -2));
	return [field * (shape.at(-2) ?? 1), field * (shape.at(-1) ?? 1)];
}

/** What cutting a normal distribution at two standard deviations leaves of its own. */
const TRUNCATED = 0.8796256610342398;

type Scaling = readonly [scale: number, mode: 'in' | 'out' | 'average'];

const NAMED: readonly (readonly [id: string, title: string, scaling: Scaling])[] = [
	['glorot', 'Glorot', [1, 'average']],
	['he', 'He', [2, 'in']],
	['lecun', 'LeCun', [1, 'in']]
];

function varianceOf([scale, mode]: Scaling, shape: readonly number[]): number {
	const [a, b] = fans(shape);
	return scale / Math.max(1, mode === 'in' ? a : mode === 'out' ? b : (a + b) / 2);
}

/**
 * What a kernel may have been drawn from. What the file names stands first; without that, Keras's own default does.
 * Empty for what starts at a constant.
 */
export function initialDistributions(node: GraphNode, weight: WeightInfo): InitialDistribution[] {
	if (!isKernel(weight) || weight.dtype !== 'float32') return [];
	const shape = lastShape(weight);
	const named = namedDistribution(node, weight);
	if (weight.role === 'embeddings')
		return named ? [named] : [uniform('keras-embedding', 'Uniform ±0.05 (Keras’s own)', 0.05)];
	if (/recurrent/.test(weight.role ?? '')) return named ? [named] : [orthogonal(shape)];
	const usual = NAMED.flatMap(([id, title, scaling]) => {
		const std = Math.sqrt(varianceOf(scaling, shape));
		return [
			{ id: `${id}-uniform`, title: `${title} uniform`, kind: 'uniform' as const, std, known: false },
			{ id: `${id}-normal`, title: `${title} normal`, kind: 'truncated' as const, std, known: false }
		];
	});
	return named ? [named, ...usual.filter(({ title }) => title !== named.title)] : usual;
}

const uniform = (id: string, title: string, reach: number): InitialDistribution => ({
	id,
	title,
	kind: 'uniform',
	std: reach / Math.sqrt(3),
	known: false
});

/** Rows or columns of an orthogonal matrix: squares of one row add up to one. */
const orthogonal = (shape: readonly number[]): InitialDistribution => ({
	id: 'orthogonal',
	title: 'Orthogonal (Keras’s own)',
	kind: 'normal',
	std: 1 / Math.sqrt(Math.max(1, ...fans(shape))),
	known: false
});

/** What engine/model/layers/initialiser.ts read in the file. */
function namedDistribution({ attributes }: GraphNode, { role = '', shape }: WeightInfo): InitialDistribution | null {
	const part = /pointwise|recurrent/.exec(role)?.[0];
	const text = attributes[part ? `${part} initialiser` : 'initialiser'];
	if (typeof text !== 'string') return null;
	const distribution = (kind: InitialDistribution['kind'], std: number): InitialDistribution => ({
		id: 'file',
		title: text[0]?.toUpperCase() + text.slice(1),
		kind,
		std,
		known: true
	});
	const values = (text.match(/-?\d+(\.\d+)?(e-?\d+)?/g) ?? []).map(Number);
	const [a = 0, b = 0] = values;
	const usual = NAMED.find(([, title]) => text.startsWith(`${title} `));
	const mode = /fan (in|out)/.exec(text)?.[1] as 'in' | 'out' | undefined;
	if (usual || text.startsWith('variance scaling')) {
		const scaling: Scaling = usual?.[2] ?? [a, mode ?? 'average'];
		return distribution(text.endsWith('uniform') ? 'uniform' : 'truncated', Math.sqrt(varianceOf(scaling, shape)));
	}
	if (text.startsWith('uniform')) return b > 0 && a === -b ? distribution('uniform', b / Math.sqrt(3)) : null;
	if (text.startsWith('normal')) return a > 0 ? distribution('normal', a) : null;
	if (text.startsWith('truncated')) return a > 0 ? distribution('truncated', TRUNCATED * a) : null;
	if (text.startsWith('orthogonal')) return distribution('normal', Math.abs(a) * orthogonal(shape).std);
	return null;
}
